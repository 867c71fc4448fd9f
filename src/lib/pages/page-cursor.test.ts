import { expect, test } from "vitest";
import { encodeCursor, isCursor, parseCursor, toPage } from "./page-cursor.ts";

const id = "0198f4a2-7d1e-7c3a-9b53-2f5c1de0a001";

test("a cursor keeps the microseconds of Postgres", () => {
  const cursor = { at: "2026-11-14 08:03:11.123456+00", id };
  expect(parseCursor(encodeCursor(cursor))).toEqual(cursor);
});

test.each(["+05:30", "-03:30", "+14", "-12"])(
  "a cursor keeps the offset %s of the database",
  (offset) => {
    const cursor = { at: `2026-11-14 08:03:11.12${offset}`, id };
    expect(parseCursor(encodeCursor(cursor))).toEqual(cursor);
  },
);

test("a cursor fits into an address without escaping", () => {
  expect(encodeCursor({ at: "2026-11-14 08:03:11+00", id })).toMatch(/^[\w-]+$/);
});

test.each([
  "",
  "%%%",
  "bm9wZQ",
  encodeCursor({ at: "now()", id }),
  encodeCursor({ at: "2026-99-99 99:99:99+00", id }),
  encodeCursor({ at: "2026-02-30 00:00:00+00", id }),
  encodeCursor({ at: "0000-01-01 00:00:00+00", id }),
  encodeCursor({ at: "2026-11-14 08:03:11+16", id }),
  encodeCursor({ at: "2026-11-14 08:03:11+00", id: "1" }),
])("what is not a cursor is refused: %j", (text) => {
  expect(isCursor(text)).toBe(false);
  expect(() => parseCursor(text)).toThrow(/Open the list from its start/);
});

test("a page with a row to spare points to the next one", () => {
  const rows = [1, 2, 3].map((minute) => ({ at: `2026-11-14 08:0${minute}:00+00`, id }));
  const page = toPage(rows, 2, (row) => row);
  expect(page.rows).toHaveLength(2);
  expect(parseCursor(page.nextCursor!).at).toBe("2026-11-14 08:02:00+00");
});

test("the last page points nowhere", () => {
  const rows = [{ at: "2026-11-14 08:01:00+00", id }];
  expect(toPage(rows, 1, (row) => row).nextCursor).toBeNull();
  expect(toPage([], 1, (row: (typeof rows)[number]) => row).nextCursor).toBeNull();
});
