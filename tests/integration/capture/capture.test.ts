import { randomUUID } from "node:crypto";
import { pgSchema, uuid } from "drizzle-orm/pg-core";
import postgres from "postgres";
import { captureSql, captureTable } from "querycast/drizzle";
import { createSignalInspector, migrateLog, setOrigin } from "querycast/server";
import { expect, onTestFinished, test } from "vitest";
import { channels, onTeam, openCaptureDatabase } from "../../support/database/capture-database.ts";
import { port } from "../../support/database/log-database.ts";

const database = await openCaptureDatabase();

test("S1.1 S1.15 insert, update and delete publish the operation as the name and the id, of OLD for a delete", async () => {
  const team = await database.newTeam();
  const id = randomUUID();
  await database.service`insert into tasks (id, team_id, title) values (${id}, ${team}, 'Write it')`;
  await database.service`update tasks set status = 'done' where id = ${id}`;
  await database.service`delete from tasks where id = ${id}`;
  expect(await database.newSignals()).toEqual([
    onTeam(team, "created", id),
    onTeam(team, "updated", id),
    onTeam(team, "deleted", id),
  ]);
});

test("S1.2 a rolled-back change publishes nothing, and no signal is visible before the commit", async () => {
  const team = await database.newTeam();
  const undone = database.service.begin(async (tx) => {
    await tx`insert into tasks (team_id) values (${team})`;
    throw new Error("changed my mind");
  });
  await expect(undone).rejects.toThrow("changed my mind");
  expect(await database.newSignals()).toEqual([]);
  expect(await database.newSkips()).toEqual([]);
  await database.service.begin(async (tx) => {
    await tx`insert into tasks (team_id) values (${team})`;
    expect(await database.newSignals()).toEqual([]);
  });
  expect(await database.newSignals()).toHaveLength(1);
});

test("an update of columns that are not captured publishes nothing", async () => {
  const id = await database.newTask(await database.newTeam());
  await database.service`update tasks set title = 'Another', status = status where id = ${id}`;
  expect(await database.newSignals()).toEqual([]);
  expect(await database.newSkips()).toEqual([]);
});

test("a row that moves to another channel publishes on both", async () => {
  const [from, to] = [await database.newTeam(), await database.newTeam()];
  const id = await database.newTask(from);
  await database.service`update tasks set team_id = ${to} where id = ${id}`;
  const signals = await database.newSignals();
  expect(signals).toHaveLength(2);
  expect(signals).toEqual(
    expect.arrayContaining([onTeam(from, "updated", id), onTeam(to, "updated", id)]),
  );
});

test("one statement publishes one signal for each channel, with the ids of its rows", async () => {
  const [one, two] = [await database.newTeam(), await database.newTeam()];
  await database.service`
    insert into tasks (team_id) select case when n > 3 then ${one}::uuid else ${two}::uuid end
    from generate_series(1, 10) n`;
  const signals = await database.newSignals();
  expect(signals.map(({ channel, ids }) => [channel, Array.isArray(ids) && ids.length])).toEqual(
    expect.arrayContaining([
      [`team.${one}`, 7],
      [`team.${two}`, 3],
    ]),
  );
  expect(signals).toHaveLength(2);
});

test("S1.5 a row without a team reaches no channel, is counted, and is written", async () => {
  const id = await database.newTask(null);
  expect(await database.owner`select from tasks where id = ${id}`).toHaveLength(1);
  await database.service`update tasks set status = 'done' where id = ${id}`;
  await database.service`delete from tasks where id = ${id}`;
  expect(await database.newSignals()).toEqual([]);
  expect(await database.newSkips()).toEqual(
    expect.arrayContaining(["public.tasks task.deleted 1", "public.tasks task.updated 1"]),
  );
});

const steps = (teamId: string) => ({ channel: `team.${teamId}`, name: "step.done" });

test("a row publishes on the channel of its parent", async () => {
  const team = await database.newTeam();
  const task = await database.newTask(team);
  await database.service`insert into steps (task_id) values (${task}), (${task})`;
  await database.service`delete from steps where task_id = ${task}`;
  const signals = await database.newSignals();
  expect(signals).toMatchObject([steps(team), steps(team)]);
  expect(signals.map(({ ids }) => Array.isArray(ids) && ids.length)).toEqual([2, 2]);
});

test("S1.5 rows that a deleted team takes with it publish nothing and are counted, as their own children", async () => {
  const team = await database.newTeam();
  const task = await database.newTask(team);
  await database.service`insert into steps (task_id) values (${task}), (${task})`;
  await database.newSignals();
  await database.service`delete from teams where id = ${team}`;
  expect(await database.owner`select from tasks where id = ${task}`).toHaveLength(0);
  expect(await database.newSignals()).toEqual([]);
  expect(await database.newSkips()).toEqual([
    "public.steps step.done 2",
    "public.tasks task.deleted 1",
    "public.tasks work.changed 1",
  ]);
});

test("two captures of one table publish on both channels", async () => {
  const team = await database.newTeam();
  const task = await database.newTask(team);
  await database.service`update tasks set assignee_id = 'auth0|507f' where id = ${task}`;
  expect(await database.newSignals()).toEqual([
    onTeam(team, "updated", task),
    {
      ...onTeam(team, "updated"),
      channel: "person.=auth0=7C507f",
      name: "work.changed",
      ids: null,
    },
  ]);
});

test("the origin of the mutation is that of the transaction's setting, and an invalid one fails no write", async () => {
  const team = await database.newTeam();
  const insert = (origin: string) =>
    database.service.begin(async (tx) => {
      await setOrigin(port(tx), origin);
      await tx`insert into tasks (team_id) values (${team})`;
    });
  await insert("0123456789abcdef");
  await insert("<script>");
  await database.service`insert into tasks (team_id) values (${team})`;
  expect((await database.newSignals()).map(({ origin }) => origin)).toEqual([
    "0123456789abcdef",
    null,
    null,
  ]);
});

test("a transaction wakes the relay once, however many rows it writes", async () => {
  const [one, two] = [await database.newTeam(), await database.newTeam()];
  let rung = 0;
  const { unlisten } = await database.owner.listen("querycast", () => {
    rung += 1;
  });
  await database.reader`select querycast.relay_sleep(60000)`;
  await database.service.begin(async (tx) => {
    await tx`insert into tasks (team_id) values (${one}), (${two}), (${one})`;
    await tx`update tasks set status = 'done' where team_id in (${one}, ${two})`;
  });
  // Notifications arrive in the order of commits.
  await new Promise<void>((resolve, reject) => {
    database.owner
      .listen("last", () => resolve())
      .then(() => database.owner`select pg_notify('last', '')`)
      .catch(reject);
  });
  expect(rung).toBe(1);
  await unlisten();
  await database.reader`select querycast.relay_sleep(0)`;
});

test("a statement without rows, and an upsert, publish what changed", async () => {
  const team = await database.newTeam();
  const id = randomUUID();
  await database.service`delete from tasks where id = ${id}`;
  await database.service`update tasks set status = 'done' where id = ${id}`;
  expect(await database.newSignals()).toEqual([]);
  const upsert = () => database.service`
    insert into tasks (id, team_id) values (${id}, ${team})
    on conflict (id) do update set status = tasks.status || '!'`;
  await upsert();
  await upsert();
  expect(await database.newSignals()).toEqual([
    onTeam(team, "created", id),
    onTeam(team, "updated", id),
  ]);
});

test("operators see the skipped rows by table and signal", async () => {
  await database.newTask(null);
  await database.service`insert into tasks (team_id) values (null), (null)`;
  const { skipped } = createSignalInspector({ sql: port(database.reader) });
  expect(await skipped()).toEqual([
    { table: "public.tasks", signal: "task.created", rows: 2, lastAt: expect.any(Date) },
    { table: "public.tasks", signal: "work.changed", rows: 2, lastAt: expect.any(Date) },
  ]);
});

test("tables of another owner than the log's are captured, and a later list replaces the earlier one", async () => {
  const role = "capture_test_owner";
  await database.owner.unsafe(`
    do $$ begin
      perform pg_advisory_xact_lock(4711);
      if not exists (select from pg_roles where rolname = '${role}') then
        create role ${role} login password '${role}';
      end if;
    end $$;
    create schema theirs authorization ${role}`);
  await migrateLog(port(database.owner), { capturers: [role] });
  const url = new URL(database.readerUrl);
  url.username = url.password = role;
  const theirs = postgres(url.href, { max: 1, onnotice: () => {} });
  onTestFinished(() => theirs.end());
  const notes = pgSchema("theirs").table("notes", { teamId: uuid("team_id") });
  const capture = (on: { insert?: "work.changed"; delete?: "work.changed" }) =>
    captureTable(notes, {
      on,
      channel: channels.person,
      params: { personId: notes.teamId },
    });
  const team = randomUUID();
  const change = async () => {
    await theirs`insert into theirs.notes values (${team}), (null)`;
    await theirs`delete from theirs.notes where team_id is not null`;
    return (await database.newSignals()).map(({ channel, name }) => `${channel} ${name}`);
  };
  await theirs`create table theirs.notes (team_id uuid)`;
  const changed = `person.${team} work.changed`;
  for (const [captures, signals] of [
    [[capture({ insert: "work.changed", delete: "work.changed" })], [changed, changed]],
    [[capture({ insert: "work.changed" })], [changed]],
    [[], []],
  ] as const) {
    for (const statement of captureSql(captures, { schema: "theirs" })) {
      await theirs.unsafe(statement);
    }
    expect(await change()).toEqual(signals);
  }
  expect(await database.newSkips()).toEqual(["theirs.notes work.changed 2"]);
});
