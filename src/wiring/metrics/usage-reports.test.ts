import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startUsageReports, type UsageCounts } from "./usage-reports.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  const page = Object.assign(new EventTarget(), { visibilityState: "visible" as const });
  const sent: UsageCounts[] = [];
  const state = { counts: { signals: 0, fetches: 0 }, takes: true };
  const end = startUsageReports({
    counts: () => state.counts,
    send: (usage) => {
      if (state.takes) sent.push(usage);
      return state.takes;
    },
    page: page as unknown as Document,
  });
  const show = (visibilityState: "visible" | "hidden") => {
    Object.assign(page, { visibilityState });
    page.dispatchEvent(new Event("visibilitychange"));
  };
  return { end, sent, show, state };
}

test("a page reports new counts once a minute, and sends no empty report", () => {
  const { end, sent, state } = setUp();
  vi.advanceTimersByTime(60_000);
  state.counts = { signals: 5, fetches: 2 };
  vi.advanceTimersByTime(60_000);
  vi.advanceTimersByTime(60_000);
  state.counts = { signals: 6, fetches: 3 };
  vi.advanceTimersByTime(60_000);
  expect(sent).toEqual([
    { signals: 5, fetches: 2 },
    { signals: 1, fetches: 1 },
  ]);
  end();
});

test("a page that is left reports at once", () => {
  const { end, sent, show, state } = setUp();
  state.counts = { signals: 1, fetches: 1 };
  show("visible");
  expect(sent).toEqual([]);
  show("hidden");
  expect(sent).toEqual([{ signals: 1, fetches: 1 }]);
  end();
});

test("counts that the browser could not send are part of the next report", () => {
  const { end, sent, show, state } = setUp();
  state.counts = { signals: 1, fetches: 0 };
  state.takes = false;
  show("hidden");
  state.takes = true;
  state.counts = { signals: 3, fetches: 1 };
  show("hidden");
  expect(sent).toEqual([{ signals: 3, fetches: 1 }]);
  end();
});

test("nothing is reported after it was stopped", () => {
  const { end, sent, show, state } = setUp();
  end();
  state.counts = { signals: 1, fetches: 1 };
  show("hidden");
  vi.advanceTimersByTime(120_000);
  expect(sent).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
