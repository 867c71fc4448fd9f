import fc from "fast-check";
import { expect, test } from "vitest";
import { advance, formatSnapshot, isFinished, parseSnapshot, type Snapshot } from "./snapshot.ts";

test("a snapshot has one spelling", () => {
  for (const text of ["10:10:", "10:14:10,12", "3:3:"]) {
    const snapshot = parseSnapshot(text);
    expect(snapshot && formatSnapshot(snapshot)).toBe(text);
  }
});

test.each([
  ["", "nothing"],
  ["10:9:", "an end before the start"],
  ["10:12:12", "one in progress that had not begun"],
  ["10:12:9", "one in progress that had finished"],
  ["10:14:12,10", "a list out of order"],
  ["0:0:", "no transaction at all"],
  ["1:2:3:4", "too many parts"],
  ["1;drop table x:2:", "SQL"],
  [`${"9".repeat(21)}:${"9".repeat(22)}:`, "too many digits"],
])("%j is refused as a snapshot: %s", (text) => {
  expect(parseSnapshot(text)).toBeUndefined();
});

/** One step of a database while a reader follows it. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: "begin" } as const) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("end" as const), which: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("read" as const),
      pageRows: fc.integer({ min: 1, max: 4 }),
    }),
  },
);

test("a reader of pages receives every transaction once, however late it commits", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      let nextXid = 3n;
      let open: bigint[] = [];
      const committed: bigint[] = [];
      const delivered: bigint[] = [];
      let position: Snapshot = { xmin: 3n, xmax: 3n, inProgress: [] };
      const current = (): Snapshot => ({
        xmin: open[0] ?? nextXid,
        xmax: nextXid,
        inProgress: [...open],
      });
      const read = (pageRows: number) => {
        const now = current();
        const fresh = committed
          .filter((xid) => !isFinished(xid, position) && isFinished(xid, now))
          .sort((a, b) => Number(a - b));
        const page = fresh.slice(0, pageRows);
        delivered.push(...page);
        position = fresh.length > page.length ? advance(position, now, page.at(-1)!) : now;
        expect(parseSnapshot(formatSnapshot(position))).toEqual(position);
        return fresh.length > page.length;
      };
      for (const each of steps) {
        if (each.kind === "begin") {
          open.push(nextXid);
          nextXid += 1n;
        } else if (each.kind === "end" && open.length > 0) {
          const xid = open[each.which % open.length]!;
          open = open.filter((other) => other !== xid);
          committed.push(xid);
        } else if (each.kind === "read") read(each.pageRows);
      }
      committed.push(...open.splice(0));
      while (read(2));
      expect([...delivered].sort()).toEqual([...committed].sort());
    }),
    { numRuns: 500 },
  );
});
