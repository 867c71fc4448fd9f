import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { a1 } from "../../../tests/support/rigs/bridge-rig.ts";
import {
  type Comment,
  onlyFirst,
  openList,
  type Page,
  readPage,
  size,
} from "../../../tests/support/rigs/pages-rig.ts";
import { countArrivals } from "./pages.ts";

test("P1 by default a signal makes a query fetch all loaded pages", async () => {
  const { publish, reads, add, shown, settle } = await openList();
  add(9, 10);
  publish();
  await settle();
  expect(reads).toEqual([null, 8, 5]);
  expect(shown()).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2]);
});

test("P2 firstPage fetches one page, and moves the rows that it no longer has to the next page", async () => {
  const { publish, reads, add, shown, data, settle, observer } = await openList(onlyFirst);
  add(9, 10);
  publish();
  await settle();
  expect(reads).toEqual([null]);
  expect(shown()).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  expect(data()?.pageParams).toEqual([null, 8, 3]);
  void observer.refetch();
  await settle();
  expect(reads).toEqual([null, null, 8, 5]);
});

test("P2 firstPage loads further pages after the last row", async () => {
  const { publish, add, shown, settle, observer } = await openList(onlyFirst, { loaded: 2 });
  add(9);
  publish();
  await settle();
  void observer.fetchNextPage();
  await settle();
  expect(shown()).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
});

test("P2 when there are more new rows than fit on a page, all pages are fetched", async () => {
  const { publish, reads, add, shown, settle } = await openList(onlyFirst);
  add(9, 10, 11, 12);
  publish();
  await settle();
  expect(reads).toEqual([null, 10, 7]);
  expect(shown()).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4]);
});

test("P2 other signals, gaps and refetches by the application fetch all pages", async () => {
  const { publish, broker, route, reads, settle, observer, add } = await openList(onlyFirst);
  publish("reaction.changed");
  await settle();
  expect(reads.splice(0)).toEqual([null, 6, 3]);
  publish("poll.closed"); // an unknown name from a newer build
  await settle();
  expect(reads.splice(0)).toEqual([null, 6, 3]);
  broker.stop();
  route.forget();
  broker.start();
  await settle();
  expect(reads.splice(0)).toEqual([null, 6, 3]);
  void observer.refetch();
  await settle();
  expect(reads.splice(0)).toEqual([null, 6, 3]);
  add(9);
  publish();
  publish("reaction.changed"); // this one needs all pages
  await settle();
  expect(reads).toEqual([null, 7, 4]);
});

test("K2 K3 firstPage: a signal during a fetch is followed by another fetch, one at a time", async () => {
  const { publish, clock, reads, add, shown, settle } = await openList(onlyFirst);
  publish();
  await clock.advance(40);
  expect(reads).toEqual([null]);
  add(9);
  publish();
  await settle();
  expect(reads).toEqual([null, null]);
  expect(shown()?.[0]).toBe(9);
});

test("K2 firstPage: a signal for all pages during a fetch of the first is followed by a fetch of all", async () => {
  const { publish, clock, reads, settle } = await openList(onlyFirst);
  publish();
  await clock.advance(40);
  publish("reaction.changed");
  await settle();
  expect(reads).toEqual([null, null, 6, 3]);
});

test("P2 after any additions, deletions and edits on the first page no row is missing or duplicated, and the order is kept", () => {
  const change = fc.oneof(
    fc.record({ do: fc.constant("add" as const), many: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ do: fc.constant("delete" as const), at: fc.nat({ max: size - 1 }) }),
    fc.record({ do: fc.constant("edit" as const), at: fc.nat({ max: size - 1 }) }),
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 15 }),
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 6 }),
      (count, loaded, rounds) => {
        let comments = Array.from({ length: count }, (_, id): Comment => ({ id, text: "" }));
        let nextId = count;
        let pages: Page[] = [readPage(comments, null)];
        while (pages.length < loaded) {
          const next = pages.at(-1)?.next ?? null;
          if (next === null) break;
          pages.push(readPage(comments, next));
        }
        for (const round of rounds) {
          for (const step of round) {
            const target = readPage(comments, null).rows["at" in step ? step.at : 0];
            if (step.do === "add") {
              for (let more = 0; more < step.many; more += 1) {
                comments = [...comments, { id: nextId, text: "" }];
                nextId += 1;
              }
            } else if (target !== undefined && step.do === "delete") {
              comments = comments.filter(({ id }) => id !== target.id);
            } else if (target !== undefined) {
              comments = comments.map((comment) =>
                comment === target ? { ...comment, text: "edited" } : comment,
              );
            }
          }
          const first = readPage(comments, null);
          const joined = onlyFirst.join?.(pages, first);
          const before = new Set(pages.flatMap(({ rows }) => rows.map(({ id }) => id)));
          if (joined === undefined) {
            // All pages are needed: no row of the page is known, or the last one is not.
            const isKnown = first.rows.map(({ id }) => before.has(id));
            expect(isKnown.includes(true) && isKnown.at(-1)).toBe(false);
            return;
          }
          // TanStack stops at a page without a next one.
          pages = first.next === null ? [first] : [first, ...joined];
          const shown = pages.flatMap(({ rows }) => rows.map(({ id }) => id));
          expect(new Set(shown).size).toBe(shown.length);
          expect(shown).toEqual([...shown].sort((a, b) => b - a));
          const oldest = shown.at(-1) ?? 0;
          const expected = comments.filter(({ id }) => id >= oldest).map(({ id }) => id);
          expect(expected.filter((id) => !shown.includes(id))).toEqual([]);
        }
      },
    ),
    {
      numRuns: 2_000,
      // Deletions make the first page shorter; then the first page has rows behind those of the second.
      examples: [
        [
          8,
          2,
          [
            [
              { do: "delete", at: 0 },
              { do: "delete", at: 0 },
            ],
            [{ do: "delete", at: 0 }],
            [{ do: "delete", at: 2 }],
          ],
        ],
      ],
    },
  );
});

test("P3 countArrivals counts and fetches nothing until show is called", async () => {
  const { publish, reads, add, shown, arrivals, bridge, settle } = await openList(
    countArrivals("comment.created"),
  );
  add(9, 10);
  publish("comment.created", [{ commentId: "9" }]);
  publish("comment.created", [{ commentId: "10" }]);
  await settle();
  expect([reads, arrivals()]).toEqual([[], { count: 2, isExact: true }]);
  publish("comment.created");
  expect(arrivals()).toEqual({ count: 3, isExact: false });
  bridge.arrivals.show('["comments"]');
  expect(arrivals().count).toBe(3);
  await settle();
  expect(reads).toEqual([null, 8, 5]);
  expect(shown()?.[0]).toBe(10);
  expect(arrivals()).toEqual({ count: 0, isExact: true });
});

test("K2 P3 countArrivals: signals during the fetch of show are counted after it", async () => {
  const { publish, clock, arrivals, bridge, settle } = await openList(countArrivals());
  publish("comment.created", [{ commentId: "9" }]);
  bridge.arrivals.show('["comments"]');
  await clock.advance(60);
  publish("comment.created", [{ commentId: "10" }]);
  await settle();
  expect(arrivals()).toEqual({ count: 1, isExact: true });
});

test("P3 countArrivals: a failed fetch keeps the count", async () => {
  const { publish, arrivals, server, observer, settle } = await openList(countArrivals());
  publish("comment.created", [{ commentId: "9" }]);
  server.isAway = true;
  void observer.refetch();
  await settle();
  expect(arrivals().count).toBe(1);
  server.isAway = false;
  void observer.refetch();
  await settle();
  expect(arrivals().count).toBe(0);
});

test("K1 K3 P3 countArrivals: other signals, gaps and signals of an unmounted query are fetched and not counted", async () => {
  const run = await openList(countArrivals("comment.created"));
  const { publish, broker, route, reads, arrivals, settle, observer, unmount, client, add } = run;
  publish("reaction.changed");
  await settle();
  expect(reads.splice(0)).toEqual([null, 6, 3]);
  broker.stop();
  route.forget();
  broker.start();
  await settle();
  expect(reads.splice(0)).toEqual([null, 6, 3]);
  unmount();
  // Another query keeps the channel open.
  onTestFinished(client.subscribe(a1));
  add(9);
  publish("comment.created", [{ commentId: "9" }]);
  await settle();
  expect([reads, arrivals().count]).toEqual([[], 0]);
  onTestFinished(observer.subscribe(() => {}));
  await settle();
  expect(reads).toEqual([null, 7, 4]);
});
