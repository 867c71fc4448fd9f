import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useStateAnnouncement } from "./use-state-announcement.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const lasting = 2_000;
const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));

test("S3.30 a screen reader gets each lasting state once, and no short one", () => {
  const { result, rerender } = renderHook(
    ({ name, isMoving }: { name: string; isMoving: boolean }) =>
      useStateAnnouncement(name, isMoving, name === "Live"),
    { initialProps: { name: "Connecting", isMoving: true } },
  );
  pass(10 * lasting);
  rerender({ name: "Live", isMoving: false });
  pass(lasting);
  expect(result.current).toBe("");

  rerender({ name: "Not live", isMoving: false });
  pass(lasting - 1);
  rerender({ name: "Live", isMoving: false });
  pass(lasting);
  expect(result.current).toBe("");

  rerender({ name: "Not live", isMoving: false });
  pass(lasting);
  expect(result.current).toBe("Connection: Not live");
  rerender({ name: "Catching up", isMoving: true });
  pass(10 * lasting);
  expect(result.current).toBe("Connection: Not live");
  rerender({ name: "Live", isMoving: false });
  pass(lasting);
  expect(result.current).toBe("Connection: Live");
});
