import {
  bigint,
  doublePrecision,
  integer,
  json,
  pgSchema,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import { expect, test } from "vitest";
import { z } from "zod";
import { channel, defineChannels } from "../protocol/channel.ts";
import { ids } from "../protocol/ids.ts";
import { captureSql } from "./capture-sql.ts";
import { captureTable, fromParent } from "./capture-table.ts";

const channels = defineChannels({
  team: channel("team.{teamId}", { params: z.object({ teamId: z.uuid() }) })
    .signal("task.created", ids("taskId"))
    .signal("list.changed"),
  news: channel("news.{topicId}").signal("list.changed"),
});
const teams = pgTable("teams", { id: uuid("id").primaryKey(), ownerId: uuid("owner_id") });
const members = pgTable(
  "members",
  { teamId: uuid("team_id"), userId: uuid("user_id") },
  (table) => [primaryKey({ columns: [table.teamId, table.userId] })],
);
const tasks = pgTable("tasks", {
  id: uuid("id").primaryKey(),
  teamId: uuid("team_id").references(() => teams.id),
  number: bigint("number", { mode: "number" }).notNull(),
  title: text("title").notNull(),
  score: doublePrecision("score").notNull(),
  labels: json("labels"),
});
const logs = pgSchema("audit").table("logs", { teamId: uuid("team_id"), line: integer("line") });

const created = () =>
  captureTable(tasks, {
    on: { insert: "task.created" },
    channel: channels.team,
    params: { teamId: tasks.teamId },
    ids: { taskId: tasks.id },
  });
const listed = () =>
  captureTable(logs, {
    on: { insert: "list.changed", delete: "list.changed" },
    channel: channels.team,
    params: { teamId: logs.teamId },
  });

test("captures give the same SQL in any order of the tables", () => {
  expect(captureSql([created(), listed()])).toEqual(captureSql([listed(), created()]));
});

test("several captures of one table share its triggers", () => {
  const text = captureSql([created(), created()]).join("\n");
  expect(text.match(/create trigger/g)).toHaveLength(1);
  expect(text.match(/-- task.created on team/g)).toHaveLength(2);
});

test("a table of another schema and a long name have functions of their own", () => {
  const name = `t${"x".repeat(60)}`;
  const long = pgTable(name, { teamId: uuid("team_id") });
  const text = captureSql(
    [
      listed(),
      captureTable(long, {
        on: { insert: "list.changed" },
        channel: channels.team,
        params: { teamId: long.teamId },
      }),
    ],
    { schema: "app" },
  ).join("\n");
  expect(text).toContain('create function "app"."querycast_audit_logs_insert"()');
  expect(text).toMatch(/create function "app"."querycast_[0-9a-f]{16}_insert"\(\)/);
  expect(text).toContain(`after insert on "public"."${name}"`);
});

const base = {
  on: { insert: "list.changed" },
  channel: channels.team,
  params: { teamId: tasks.teamId },
};
// biome-ignore lint/suspicious/noExplicitAny: invalid on purpose
const declare = (options: any) => () => captureTable(tasks, { ...base, ...options });

test.each<[string, string, object]>([
  ["no signal", "on names no signal", { on: {} }],
  ["an unknown signal", 'on.insert is "task.closed"', { on: { insert: "task.closed" } }],
  ["another statement", "on.truncate is unknown", { on: { truncate: "list.changed" } }],
  ["a function that is no channel", "channel is not a function", { channel: () => ({}) }],
  ["a missing parameter", "params.teamId is missing", { params: {} }],
  [
    "an unknown parameter",
    "params.taskId is not a parameter",
    { params: { teamId: tasks.teamId, taskId: tasks.id } },
  ],
  [
    "a column of another table",
    'params.teamId is the column "id" of the table "teams"',
    { params: { teamId: teams.id } },
  ],
  [
    "a parent by a column of another table",
    "params.teamId is the column",
    { params: { teamId: fromParent(teams.id, teams.ownerId) } },
  ],
  [
    "a parent without a single key",
    "params.teamId needs a primary key of one column",
    { params: { teamId: fromParent(tasks.teamId, members.userId) } },
  ],
  [
    "a column that is no id",
    'params.teamId is the column "score" of type double precision',
    { params: { teamId: tasks.score } },
  ],
  [
    "a parameter the contract refuses",
    "params would be refused by the contract",
    { params: { teamId: tasks.number } },
  ],
  ["a constant that is no id", "The constant params.teamId", { params: { teamId: "two words" } }],
  ["missing ids", 'ids are missing. "task.created"', { on: { insert: "task.created" } }],
  ["ids of a signal without ids", "ids are given", { ids: { taskId: tasks.id } }],
  [
    "another name of an id",
    'ids of "task.created" would be refused by the contract: missing: taskId',
    { on: { insert: "task.created" }, ids: { storyId: tasks.id } },
  ],
  [
    "a name that is no id",
    "ids.title does not name an id",
    { on: { insert: "task.created" }, ids: { title: tasks.id } },
  ],
  ["columns without an update", "columns are given without on.update", { columns: [tasks.title] }],
  [
    "an empty list of columns",
    "columns are empty",
    { on: { update: "list.changed" }, columns: [] },
  ],
  [
    "a captured column of another table",
    'columns[1] is the column "owner_id"',
    { on: { update: "list.changed" }, columns: [tasks.title, teams.ownerId] },
  ],
])("a declaration with %s is refused, and the error names the field", (_what, message, options) => {
  expect(declare(options)).toThrow(message);
  expect(declare(options)).toThrow(/^(Capture of "tasks": |The constant )/);
});

test("captured columns need a primary key", () => {
  const declareLogs = () =>
    captureTable(logs, {
      on: { update: "list.changed" },
      channel: channels.team,
      params: { teamId: logs.teamId },
      columns: [logs.line],
    });
  expect(declareLogs).toThrow('Capture of "logs": columns need a primary key');
});
