import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AppError, type AppErrorCode } from "../errors/app-error.ts";
import { statusOfError } from "../errors/status-of-error.ts";
import { fetchJson, requestDeadlineMs } from "./fetch-json.ts";
import { jsonRoute } from "./json-route.ts";

/** A fetch that never responds, with the arguments it received. */
function hang() {
  const signals: AbortSignal[] = [];
  vi.stubGlobal("fetch", (_path: string, { signal }: { signal: AbortSignal }) => {
    signals.push(signal);
    return new Promise((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason ?? new Error("aborted"))),
    );
  });
  return signals;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", { documentElement: { dataset: { viewer: "u1" } } });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("U6 a request that is not answered within its deadline fails as unavailable and is cancelled", async () => {
  const signals = hang();
  const answer = expect(fetchJson("/api/comments")).rejects.toMatchObject({ code: "unavailable" });
  await vi.advanceTimersByTimeAsync(requestDeadlineMs - 1);
  expect(signals[0]?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await answer;
  expect(signals[0]?.aborted).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test("a request is cancelled with the reason of its caller's signal, before and while it runs", async () => {
  const signals = hang();
  const caller = new AbortController();
  const running = expect(fetchJson("/api/comments", caller.signal)).rejects.toThrow("left");
  caller.abort(new Error("left"));
  await running;
  expect(signals[0]?.aborted).toBe(true);
  await expect(fetchJson("/api/comments", caller.signal)).rejects.toThrow("left");
  expect(signals).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});

/** A site that answers each request with this, and the paths that were requested. */
function answerWith(answer: () => Response) {
  const paths: string[] = [];
  vi.stubGlobal("fetch", async (path: string) => {
    paths.push(path);
    return answer();
  });
  return paths;
}

test.each([400, 401, 403, 404, 409, 429, 500, 502, 503])(
  "a status of %i without a code of ours fails as unavailable, and the page does not check its session",
  async (status) => {
    const bodies = [
      "<h1>Sign in to the network</h1>",
      "null",
      '"unauthenticated"',
      JSON.stringify({ message: "Forbidden" }),
      JSON.stringify({ code: "AccessDenied", message: "Forbidden" }),
      JSON.stringify({ code: "toString", message: "Forbidden" }),
      JSON.stringify({ code: status, message: "Forbidden" }),
    ];
    for (const body of bodies) {
      const paths = answerWith(() => new Response(body, { status }));
      await expect(fetchJson("/api/comments")).rejects.toMatchObject({
        code: "unavailable",
        message: `The request failed with status ${status}. Try again.`,
      });
      expect(paths).toEqual(["/api/comments"]);
    }
  },
);

test.each(Object.keys(statusOfError) as AppErrorCode[])(
  "an error of our routes arrives with its code and message: %s",
  async (code) => {
    const message = `The message of ${code}.`;
    const answer = await jsonRoute(() => Promise.reject(new AppError(code, message)));
    answerWith(() => answer.clone());
    await expect(fetchJson("/api/comments")).rejects.toMatchObject({ code, message });
  },
);

test.each(["unauthenticated", "other_viewer"] as const)(
  "after the code %s the page checks its session",
  async (code) => {
    const answer = await jsonRoute(() => Promise.reject(new AppError(code, "Refused.")));
    const paths = answerWith(() => answer.clone());
    await expect(fetchJson("/api/comments")).rejects.toMatchObject({ code });
    expect(paths).toEqual(["/api/comments", "/api/viewer"]);
  },
);
