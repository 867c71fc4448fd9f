import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CapturedPage } from "./captured-page.ts";
import { createPageCache } from "./page-cache.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const page = (text: string, bytes = 10): CapturedPage => ({
  headers: {},
  parts: [text],
  nonce: "n",
  bytes,
});

function setUp({ maxBytes = 1_000 } = {}) {
  const state = { isChanged: false, rendered: 0, checks: 0, fails: false };
  const cache = createPageCache({
    maxBytes,
    hasChanged: async () => {
      state.checks += 1;
      if (state.fails) throw new Error("The database is gone.");
      return state.isChanged;
    },
  });
  const get = async (key = "/") =>
    (
      await cache.get(key, async () => {
        state.rendered += 1;
        return page(`${key} ${state.rendered}`);
      })
    ).page?.parts[0];
  return { state, cache, get };
}

test("a page is rendered once for all who ask, also at the same time", async () => {
  const { state, get } = setUp();
  const texts = await Promise.all(Array.from({ length: 50 }, () => get()));
  expect(new Set(texts)).toEqual(new Set(["/ 1"]));
  expect(await get()).toBe("/ 1");
  expect(await get("/other")).toBe("/other 2");
  expect(state.checks).toBe(1);
});

test("after a signal a page is rendered again within a second, and not before each request", async () => {
  const { state, get } = setUp();
  await get();
  state.isChanged = true;
  vi.advanceTimersByTime(999);
  expect(await get()).toBe("/ 1");
  vi.advanceTimersByTime(1);
  expect(await get()).toBe("/ 2");
  expect(await get()).toBe("/ 2");
});

test("without a signal a page is rendered again after ten seconds", async () => {
  const { get } = setUp();
  await get();
  vi.advanceTimersByTime(9_999);
  expect(await get()).toBe("/ 1");
  vi.advanceTimersByTime(1);
  expect(await get()).toBe("/ 2");
});

test("a page that is being rendered when a change is seen is neither kept nor shared", async () => {
  const { state, cache, get } = setUp();
  await get("/other");
  const finish: ((rendered: CapturedPage) => void)[] = [];
  const slow = cache.get("/", () => new Promise((resolve) => void finish.push(resolve)));
  state.isChanged = true;
  vi.advanceTimersByTime(1_000);
  expect(await get()).toBe("/ 2");
  finish[0]?.(page("old"));
  expect((await slow).page?.parts).toEqual(["old"]);
  expect(await get()).toBe("/ 2");
});

test("pages are not served while it cannot be checked whether they have changed", async () => {
  const { state, get } = setUp();
  await get();
  state.fails = true;
  vi.advanceTimersByTime(1_000);
  expect(await get()).toBe("/ 2");
});

test("a render that fails or yields no page is not kept, and the others answer by themselves", async () => {
  const { cache, get } = setUp();
  const failure = new Error("no page");
  const own = cache.get("/", () => Promise.reject(failure));
  const other = cache.get("/", async () => page("unused"));
  await expect(own).rejects.toBe(failure);
  expect(await other).toEqual({ page: null, isOwn: false });
  expect(await cache.get("/", async () => null)).toEqual({ page: null, isOwn: true });
  expect(await get()).toBe("/ 1");
});

test("the memory of pages is bounded: the page that was used least recently goes", async () => {
  const { state, get } = setUp({ maxBytes: 30 });
  for (const key of ["a", "b", "c", "a", "d"]) await get(key);
  expect(state.rendered).toBe(4);
  expect(await get("a")).toBe("a 1");
  expect(await get("b")).toBe("b 5");
});
