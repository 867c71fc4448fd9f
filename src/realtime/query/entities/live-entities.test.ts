import { QueryObserver } from "@tanstack/react-query";
import { expect, onTestFinished, test } from "vitest";
import { a1, a2 } from "../../../../tests/support/rigs/bridge-rig.ts";
import { type Row, row, setUp } from "../../../../tests/support/rigs/live-entities-rig.ts";
import { on } from "../../protocol/signal.ts";
import { liveEntities } from "./live-entities.ts";

test("S0.9 rows go into the query without a fetch", async () => {
  const { send, texts, fetches, clock } = await setUp();
  const before = fetches();
  send([row("c1", 2), row("c2")]);
  expect(texts()).toEqual(["c1.2", "c2.1"]);
  await clock.advance(5_000);
  expect(fetches()).toBe(before);
});

test("S0.9 a repeated row changes nothing, and an older one never replaces a newer one", async () => {
  const { send, texts, query } = await setUp();
  send([row("c1", 3)]);
  const { data, dataUpdateCount } = query()?.state ?? {};
  send([row("c1", 3)]);
  send([row("c1", 2)]);
  expect(texts()).toEqual(["c1.3"]);
  expect(query()?.state).toMatchObject({ data, dataUpdateCount });
});

test("S0.9 without `place` a row that the list does not contain is left out", async () => {
  const { send, texts } = await setUp({ canPlace: false });
  send([row("c2"), row("c1", 2)]);
  expect(texts()).toEqual(["c1.2"]);
});

test("`place` puts a row at any index, and undefined leaves it out", async () => {
  const { queryClient, send, texts } = await setUp();
  const options = liveEntities(
    { queryKey: ["texts"], queryFn: async (): Promise<readonly Row[]> => [] },
    {
      entity: on(a1, "comment.text"),
      id: ({ id }) => id,
      version: ({ version }) => version,
      place: (rows, { id }) => {
        if (id === "no") return undefined;
        const index = rows.findIndex((other) => other.id > id);
        return index < 0 ? rows.length : index;
      },
    },
  );
  const observer = new QueryObserver(queryClient, options);
  onTestFinished(observer.subscribe(() => {}));
  send([row("c3"), row("no"), row("c2"), row("a"), row("c2", 2)]);
  expect(texts()).toEqual(["a.1", "c1.1", "c2.2", "c3.1"]);
});

test("S0.9 rows of another entity or channel are ignored, and an unknown kind costs a fetch", async () => {
  const { send, texts, fetches, clock } = await setUp();
  const before = fetches();
  send([row("c1", 9)], "comment.created");
  send([row("c1", 9)], "comment.text", a2);
  expect(texts()).toEqual(["c1.1"]);
  await clock.advance(5_000);
  expect(fetches()).toBe(before);
  send([row("c1", 9)], "poll.voted");
  expect(texts()).toEqual(["c1.1"]);
  await clock.advance(5_000);
  expect(fetches()).toBe(before + 1);
});

test("without rows a signal of the entity makes the query fetch", async () => {
  const { send, texts, commit, fetches, clock } = await setUp();
  const before = fetches();
  commit(row("c2"));
  send(undefined);
  await clock.advance(1_000);
  expect(fetches()).toBe(before + 1);
  expect(texts()).toEqual(["c1.1", "c2.1"]);
});

test.each([
  ["no object", ["text"]],
  ["no id", [{ version: 1 }]],
  ["no version", [{ id: "c1" }]],
  ["a version that is not a number", [{ id: "c1", version: "2" }]],
])("a row with %s makes the query fetch instead", async (_what, rows) => {
  const { send, texts, fetches, clock } = await setUp();
  const before = fetches();
  send(rows);
  expect(texts()).toEqual(["c1.1"]);
  await clock.advance(1_000);
  expect(fetches()).toBe(before + 1);
});

test("the data keeps its age, since other rows were not read", async () => {
  const { send, query } = await setUp();
  const { dataUpdatedAt } = query()?.state ?? {};
  send([row("c1", 2)]);
  expect(query()?.state.dataUpdatedAt).toBe(dataUpdatedAt);
});

test("a source beside the entity makes the query fetch", async () => {
  const { queryClient, publish, clock } = await setUp();
  let fetches = 0;
  const options = liveEntities(
    {
      queryKey: ["both"],
      queryFn: async (): Promise<readonly Row[]> => {
        fetches += 1;
        return [];
      },
    },
    {
      entity: on(a1, "comment.text"),
      id: ({ id }) => id,
      version: ({ version }) => version,
      sources: [on(a1, "reaction.changed")],
    },
  );
  onTestFinished(new QueryObserver(queryClient, options).subscribe(() => {}));
  await clock.advance(1_000);
  const before = fetches;
  publish(a1, "reaction.changed");
  await clock.advance(1_000);
  expect(fetches).toBe(before + 1);
});

test("rows of the same entity on a source are put into the list, and without rows it makes the query fetch", async () => {
  const { queryClient, send, clock } = await setUp();
  let fetches = 0;
  const options = liveEntities(
    {
      queryKey: ["both"],
      queryFn: async (): Promise<readonly Row[]> => {
        fetches += 1;
        return [];
      },
    },
    {
      entity: on(a1, "comment.text"),
      id: ({ id }) => id,
      version: ({ version }) => version,
      place: (rows) => rows.length,
      sources: [on(a2, "comment.text")],
    },
  );
  onTestFinished(new QueryObserver(queryClient, options).subscribe(() => {}));
  await clock.advance(1_000);
  const before = fetches;
  send([row("c1")], "comment.text", a1);
  send([row("c2")], "comment.text", a2);
  expect(queryClient.getQueryData(["both"])).toEqual([row("c1"), row("c2")]);
  await clock.advance(1_000);
  expect(fetches).toBe(before);
  send(undefined, "comment.text", a2);
  await clock.advance(1_000);
  expect(fetches).toBe(before + 1);
});

test("liveEntities takes exactly one entity and a query function", () => {
  const rule = { id: () => "", version: () => 0 };
  const queryFn = async (): Promise<readonly Row[]> => [];
  expect(() =>
    liveEntities({ queryFn }, { ...rule, entity: on(a1, "comment.text", "comment.created") }),
  ).toThrow("2 are given");
  expect(() => liveEntities({ queryFn }, { ...rule, entity: on(a1) })).toThrow("0 are given");
  expect(() => liveEntities({}, { ...rule, entity: on(a1, "comment.text") } as never)).toThrow(
    "query function",
  );
});
