import { boolean, integer, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import { channel, defineChannels } from "../protocol/channel.ts";
import { ids } from "../protocol/ids.ts";
import { captureTable, fromParent } from "./capture-table.ts";
import type { TableCapture } from "./table-capture.ts";

const teams = pgTable("teams", { id: uuid("id").primaryKey(), ownerId: uuid("owner_id") });
const tasks = pgTable("tasks", {
  id: uuid("id").primaryKey(),
  number: integer("number").notNull(),
  teamId: uuid("team_id").references(() => teams.id),
  kind: text("kind", { enum: ["article", "gist"] }).notNull(),
  title: text("title").notNull(),
  done: boolean("done").notNull(),
  dueAt: timestamp("due_at"),
});
const channels = defineChannels({
  team: channel("team.{teamId}")
    .signal("task.created", ids("taskId"))
    .signal("task.updated", ids("taskId"))
    .signal("task.moved", ids("taskId", "teamId"))
    .signal("list.changed"),
  resource: channel("resource.{resourceType}.{resourceId}", {
    params: z.object({ resourceType: z.enum(["article", "gist"]), resourceId: z.string() }),
  }).signal("list.changed"),
});
const { team, resource } = channels;
const params = { teamId: tasks.teamId };

test("a capture that matches the contract compiles", () => {
  const capture = captureTable(tasks, {
    on: { insert: "task.created", update: "task.updated" },
    channel: team,
    params,
    ids: { taskId: tasks.id },
    columns: [tasks.done, tasks.title],
  });
  expectTypeOf(capture).toEqualTypeOf<TableCapture>();
  captureTable(tasks, { on: { delete: "list.changed" }, channel: team, params });
  captureTable(tasks, {
    on: { insert: "task.created", delete: "list.changed" },
    channel: team,
    params: { teamId: fromParent(tasks.teamId, teams.ownerId) },
    ids: { taskId: tasks.number },
  });
  captureTable(tasks, {
    on: { insert: "list.changed" },
    channel: resource,
    params: { resourceType: "article", resourceId: tasks.id },
  });
  captureTable(tasks, {
    on: { insert: "list.changed" },
    channel: resource,
    params: { resourceType: tasks.kind, resourceId: tasks.id },
  });
});

test("signals are those of the channel", () => {
  captureTable(tasks, {
    // @ts-expect-error the channel does not declare it
    on: { insert: "task.closed" },
    channel: team,
    params,
  });
  captureTable(tasks, {
    // @ts-expect-error not a statement
    on: { truncate: "list.changed" },
    channel: team,
    params,
  });
});

test("parameters are those of the channel, from columns of the table", () => {
  // @ts-expect-error the parameter is missing
  captureTable(tasks, { on: { insert: "list.changed" }, channel: team, params: {} });
  captureTable(tasks, {
    on: { insert: "list.changed" },
    channel: team,
    // @ts-expect-error not a parameter of the channel
    params: { teamId: tasks.teamId, taskId: tasks.id },
  });
  captureTable(tasks, {
    on: { insert: "list.changed" },
    channel: team,
    // @ts-expect-error a column of another table
    params: { teamId: teams.id },
  });
  captureTable(tasks, {
    on: { insert: "list.changed" },
    channel: team,
    // @ts-expect-error a time is not an id
    params: { teamId: tasks.dueAt },
  });
  captureTable(tasks, {
    on: { insert: "list.changed" },
    channel: resource,
    // @ts-expect-error not one of the declared words
    params: { resourceType: "comment", resourceId: tasks.id },
  });
  captureTable(tasks, {
    on: { insert: "list.changed" },
    channel: resource,
    // @ts-expect-error a column with any text
    params: { resourceType: tasks.title, resourceId: tasks.id },
  });
  captureTable(tasks, {
    on: { insert: "list.changed" },
    channel: team,
    // @ts-expect-error the key of the parent is a column of the table
    params: { teamId: fromParent(teams.id, teams.ownerId) },
  });
});

test("ids are those of the signals", () => {
  // @ts-expect-error its ids are missing
  captureTable(tasks, { on: { insert: "task.created" }, channel: team, params });
  captureTable(tasks, {
    on: { insert: "task.created" },
    channel: team,
    params,
    // @ts-expect-error another name
    ids: { articleId: tasks.id },
  });
  captureTable(tasks, {
    on: { insert: "task.created" },
    channel: team,
    params,
    // @ts-expect-error a truth value is not an id
    ids: { taskId: tasks.done },
  });
  captureTable(tasks, {
    on: { insert: "task.created", update: "task.moved" },
    channel: team,
    params,
    // @ts-expect-error one signal needs another id
    ids: { taskId: tasks.id },
  });
  captureTable(tasks, {
    on: { insert: "list.changed" },
    channel: team,
    params,
    // @ts-expect-error declared without ids
    ids: { taskId: tasks.id },
  });
});

test("columns are of the table", () => {
  captureTable(tasks, {
    on: { update: "list.changed" },
    channel: team,
    params,
    // @ts-expect-error a column of another table
    columns: [teams.ownerId],
  });
});
