import { randomUUID } from "node:crypto";
import { pgSchema, uuid } from "drizzle-orm/pg-core";
import fc from "fast-check";
import postgres from "postgres";
import { contract, ProtocolError, signal } from "querycast";
import { captureSql, captureTable } from "querycast/drizzle";
import { createSignalInspector, migrateLog, setOrigin } from "querycast/server";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { encodeIds } from "../../src/realtime/protocol/ids.ts";
import {
  type CaptureDatabase,
  channels,
  createCaptureDatabase,
} from "../support/capture-database.ts";
import { port } from "./log-database.ts";

let database: CaptureDatabase;
beforeAll(async () => {
  database = await createCaptureDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.newSignals();
  await database.newSkips();
});

async function newTeam(): Promise<string> {
  const id = randomUUID();
  await database.owner`insert into teams values (${id})`;
  return id;
}
async function newTask(teamId: string | null): Promise<string> {
  const [row] = await database.service<{ id: string }[]>`
    insert into tasks (team_id) values (${teamId}) returning id`;
  await database.newSignals();
  await database.newSkips();
  return row?.id ?? "";
}
const onTeam = (teamId: string, name: string, ...taskIds: readonly string[]) => ({
  channel: `team.${teamId}`,
  name: `task.${name}`,
  ids: taskIds.length === 1 ? { taskId: taskIds[0] } : taskIds.map((taskId) => ({ taskId })),
  origin: null,
});

test("S1.1 S1.15 insert, update and delete publish the operation as the name and the id, of OLD for a delete", async () => {
  const team = await newTeam();
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
  const team = await newTeam();
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
  const id = await newTask(await newTeam());
  await database.service`update tasks set title = 'Another', status = status where id = ${id}`;
  expect(await database.newSignals()).toEqual([]);
  expect(await database.newSkips()).toEqual([]);
});

test("a row that moves to another channel publishes on both", async () => {
  const [from, to] = [await newTeam(), await newTeam()];
  const id = await newTask(from);
  await database.service`update tasks set team_id = ${to} where id = ${id}`;
  const signals = await database.newSignals();
  expect(signals).toHaveLength(2);
  expect(signals).toEqual(
    expect.arrayContaining([onTeam(from, "updated", id), onTeam(to, "updated", id)]),
  );
});

test("one statement publishes one signal for each channel, with the ids of its rows", async () => {
  const [one, two] = [await newTeam(), await newTeam()];
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

test("ids that do not fit into one signal become a signal without ids", async () => {
  const team = await newTeam();
  await database.service`
    insert into tasks (team_id) select ${team}::uuid from generate_series(1, 5000)`;
  expect(await database.newSignals()).toEqual([{ ...onTeam(team, "created"), ids: null }]);
});

test("S1.5 a row without a team reaches no channel, is counted, and is written", async () => {
  const id = await newTask(null);
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
  const team = await newTeam();
  const task = await newTask(team);
  await database.service`insert into steps (task_id) values (${task}), (${task})`;
  await database.service`delete from steps where task_id = ${task}`;
  const signals = await database.newSignals();
  expect(signals).toMatchObject([steps(team), steps(team)]);
  expect(signals.map(({ ids }) => Array.isArray(ids) && ids.length)).toEqual([2, 2]);
});

test("S1.5 rows that a deleted team takes with it publish nothing and are counted, as their own children", async () => {
  const team = await newTeam();
  const task = await newTask(team);
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
  const team = await newTeam();
  const task = await newTask(team);
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

test("S1.5 values that are no ids publish nothing, are counted, and are written", async () => {
  const bad = ["", "two words", "<b>", "x".repeat(65), "é".repeat(20), "zero\u200bwidth", null];
  for (const first of bad) {
    await database.service`insert into pairs (first, second) values (${first}, 'fine')`;
  }
  expect(await database.newSignals()).toEqual([]);
  expect(await database.newSkips()).toEqual([`public.pairs pair.named ${bad.length}`]);
});

const idText = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."aZ09_-=@,;"), minLength: 1, maxLength: 66 }),
  fc.string({ unit: fc.constantFrom(...'aZ=37C2E.|:/%+é１🙂\u200b "<'), maxLength: 24 }),
  fc
    .array(fc.constantFrom("=", "==", "=7C", "=3D", "=C3=A9", "=c3", "=FF", "=41", "=00", "a"))
    .map((parts) => parts.join("")),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.uuid(),
);

test("W1 W6 channel names and ids made in SQL equal those made in TypeScript, and both refuse the same texts", async () => {
  const texts = fc.sample(fc.tuple(idText, idText), { numRuns: 4000, seed: 11 });
  const storable = texts.filter(([a, b]) => !/[\0\ud800-\udfff]/u.test(a + b));
  const expected = storable.flatMap(([firstId, secondId]) => {
    try {
      const ref = channels[contract].refer("pair", { firstId, secondId });
      return [JSON.stringify([ref.name, encodeIds({ firstId, secondId })])];
    } catch (error) {
      if (error instanceof ProtocolError) return [];
      throw error;
    }
  });
  expect(expected.length).toBeGreaterThan(500);
  expect(storable.length - expected.length).toBeGreaterThan(500);
  await database.service`
    insert into pairs (first, second)
    select line ->> 0, line ->> 1 from json_array_elements(${JSON.stringify(storable)}::text::json) line`;
  const published = (await database.newSignals()).map(({ channel, ids }) =>
    JSON.stringify([channel, ids]),
  );
  expect(published.sort()).toEqual([...new Set(expected)].sort());
  expect(await database.newSkips()).toEqual([
    `public.pairs pair.named ${storable.length - expected.length}`,
  ]);
});

test("the origin of the mutation is that of the transaction's setting, and an invalid one fails no write", async () => {
  const team = await newTeam();
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
  const [one, two] = [await newTeam(), await newTeam()];
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
  const team = await newTeam();
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
  await newTask(null);
  await database.service`insert into tasks (team_id) values (null), (null)`;
  const { skipped } = createSignalInspector({ sql: port(database.reader) });
  expect(await skipped()).toEqual([
    { table: "public.tasks", signal: "task.created", rows: 2, lastAt: expect.any(Date) },
    { table: "public.tasks", signal: "work.changed", rows: 2, lastAt: expect.any(Date) },
  ]);
});

test("a published signal with ids of the same row has the same form", async () => {
  const team = await newTeam();
  const id = randomUUID();
  await database.service`insert into tasks (id, team_id) values (${id}, ${team})`;
  const [captured] = await database.newSignals();
  const published = signal(channels.team({ teamId: team }), "task.created", { taskId: id });
  expect(captured).toMatchObject({
    channel: published.channel.name,
    name: published.name,
    ids: published.ids,
  });
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
