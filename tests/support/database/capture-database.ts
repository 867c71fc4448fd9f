import { randomUUID } from "node:crypto";
import { integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import postgres from "postgres";
import { channel, defineChannels, ids } from "querycast";
import { captureSql, captureTable, fromParent } from "querycast/drizzle";
import { afterAll, beforeEach } from "vitest";
import { createLogDatabase, type LogDatabase } from "./log-database.ts";

export const channels = defineChannels({
  team: channel("team.{teamId}")
    .signal("task.created", ids("taskId"))
    .signal("task.updated", ids("taskId"))
    .signal("task.deleted", ids("taskId"))
    .signal("step.done", ids("stepId")),
  person: channel("person.{personId}").signal("work.changed"),
  pair: channel("pair.{firstId}.{secondId}")
    .signal("pair.added")
    .signal("pair.named", ids("firstId", "secondId")),
});

export const teams = pgTable("teams", { id: uuid("id").primaryKey() });
export const tasks = pgTable("tasks", {
  id: uuid("id").primaryKey(),
  teamId: uuid("team_id").references(() => teams.id, { onDelete: "cascade" }),
  /** Any text, as another service writes it. */
  assigneeId: text("assignee_id"),
  status: text("status").notNull().default("open"),
  title: text("title").notNull().default(""),
});
/** A row belongs to a task. Its changes are published to the team of the task. */
export const steps = pgTable("steps", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  taskId: uuid("task_id")
    .notNull()
    .references(() => tasks.id, { onDelete: "cascade" }),
});
export const pairs = pgTable("pairs", { first: text("first"), second: text("second") });

export const captures = [
  captureTable(tasks, {
    on: { insert: "task.created", update: "task.updated", delete: "task.deleted" },
    channel: channels.team,
    params: { teamId: tasks.teamId },
    ids: { taskId: tasks.id },
    columns: [tasks.status, tasks.assigneeId],
  }),
  captureTable(tasks, {
    on: { insert: "work.changed", update: "work.changed", delete: "work.changed" },
    channel: channels.person,
    params: { personId: tasks.assigneeId },
    columns: [tasks.status],
  }),
  captureTable(steps, {
    on: { insert: "step.done", delete: "step.done" },
    channel: channels.team,
    params: { teamId: fromParent(steps.taskId, tasks.teamId) },
    ids: { stepId: steps.id },
  }),
  captureTable(pairs, {
    on: { insert: "pair.named" },
    channel: channels.pair,
    params: { firstId: pairs.first, secondId: pairs.second },
    ids: { firstId: pairs.first, secondId: pairs.second },
  }),
];

const tables = `
  create table teams (id uuid primary key);
  create table tasks (
    id uuid primary key default gen_random_uuid(),
    team_id uuid references teams on delete cascade,
    assignee_id text,
    status text not null default 'open',
    title text not null default ''
  );
  create table steps (
    id int primary key generated always as identity,
    task_id uuid not null references tasks on delete cascade
  );
  create table pairs (first text, second text);`;

/** A signal in the log. */
export interface CapturedRow {
  readonly channel: string;
  readonly name: string;
  readonly ids:
    | Readonly<Record<string, string>>
    | readonly Readonly<Record<string, string>>[]
    | null;
  readonly origin: string | null;
}

/** The signal of a team's tasks as it is in the log. */
export const onTeam = (teamId: string, name: string, ...taskIds: readonly string[]) => ({
  channel: `team.${teamId}`,
  name: `task.${name}`,
  ids: taskIds.length === 1 ? { taskId: taskIds[0] } : taskIds.map((taskId) => ({ taskId })),
  origin: null,
});

/** A database with captured tables, and a role that may write them and has no right on the log. */
export interface CaptureDatabase extends LogDatabase {
  /** Connects as the role `capture_test_service`. */
  readonly serviceUrl: string;
  readonly service: postgres.Sql;
  newTeam(): Promise<string>;
  /** Inserts a task, and discards the signals and skips so far. Returns its id. */
  newTask(teamId: string | null): Promise<string>;
  /** Signals since the last call, in log order. */
  newSignals(): Promise<readonly CapturedRow[]>;
  /** Rows that made no signal since the last call, e.g. `tasks task.created 2`. */
  newSkips(): Promise<readonly string[]>;
}

/**
 * The role of another service: it may write the tables, and `migrateLog` has not named it, so that it has no right on
 * the log. Returns the URL to connect as it.
 */
export async function createServiceRole(
  { owner, readerUrl }: Pick<LogDatabase, "owner" | "readerUrl">,
  writes: string,
): Promise<string> {
  await owner.unsafe(`
    do $$ begin
      perform pg_advisory_xact_lock(4711);
      if not exists (select from pg_roles where rolname = 'capture_test_service') then
        create role capture_test_service login password 'capture_test_service';
      end if;
    end $$;
    grant select, insert, update, delete on ${writes} to capture_test_service`);
  const url = new URL(readerUrl);
  url.username = url.password = "capture_test_service";
  return url.href;
}

async function createCaptureDatabase(): Promise<CaptureDatabase> {
  const database = await createLogDatabase();
  const { owner } = database;
  await owner.unsafe(tables);
  for (const statement of captureSql(captures)) await owner.unsafe(statement);
  const serviceUrl = await createServiceRole(database, "teams, tasks, steps, pairs");
  const service = postgres(serviceUrl, { max: 4, onnotice: () => {} });
  let last = "0";
  const newSignals = async () => {
    const rows = await owner<(CapturedRow & { at: string })[]>`
      select position::text as at, channel, name, ids::json as ids, origin
      from querycast.signals where position > ${last} order by position`;
    last = rows.at(-1)?.at ?? last;
    return rows.map(({ channel: on, name, ids: of, origin }) => ({
      channel: on,
      name,
      ids: of,
      origin,
    }));
  };
  const newSkips = async () => {
    const rows = await owner<{ skip: string }[]>`
      with gone as (delete from querycast.skipped_captures returning *)
      select concat_ws(' ', source, signal, sum(rows)) as skip from gone
      group by source, signal order by 1`;
    return rows.map(({ skip }) => skip);
  };
  return {
    ...database,
    serviceUrl,
    service,
    newTeam: async () => {
      const id = randomUUID();
      await owner`insert into teams values (${id})`;
      return id;
    },
    newTask: async (teamId) => {
      const [row] = await service<{ id: string }[]>`
        insert into tasks (team_id) values (${teamId}) returning id`;
      await newSignals();
      await newSkips();
      return row?.id ?? "";
    },
    newSignals,
    newSkips,
    close: async () => {
      await service.end({ timeout: 1 });
      await database.close();
    },
  };
}

/** The database of a test file. Each of its tests starts without signals and skips that were not read. */
export async function openCaptureDatabase(): Promise<CaptureDatabase> {
  const database = await createCaptureDatabase();
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.newSignals();
    await database.newSkips();
  });
  return database;
}
