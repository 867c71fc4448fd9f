import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  type BrowserSession,
  checkSession,
  getPageSession,
  getPageStatus,
  onPageStatusChange,
} from "./page-status.ts";

const own: BrowserSession = { viewerId: "ann", name: "Ann", isBanned: false, release: "r1" };
const nobody: BrowserSession = { viewerId: null, name: null, isBanned: false, release: "r1" };
const other: BrowserSession = { ...own, viewerId: "ben", name: "Ben" };

/** Checks the session of a page of Ann, and returns the status and how often she has signed in again. */
async function check(session: BrowserSession | null) {
  const answer = session === null ? new Response("", { status: 401 }) : Response.json(session);
  vi.stubGlobal("fetch", async () => answer);
  await checkSession();
  return [getPageStatus().kind, getPageSession() - before] as const;
}

let before = 0;
beforeEach(async () => {
  vi.stubGlobal("document", { documentElement: { dataset: { viewer: "ann", release: "r1" } } });
  await check(own);
  before = getPageSession();
});
afterEach(() => void vi.unstubAllGlobals());

test("a page has another session each time its own account is signed in again, and only then", async () => {
  expect(await check(own)).toEqual(["current", 0]);
  expect(await check(nobody)).toEqual(["signed-out", 0]);
  expect(await check({ ...nobody, isBanned: true })).toEqual(["banned", 0]);
  expect(await check(other)).toEqual(["other-viewer", 0]);
  expect(await check(null)).toEqual(["other-viewer", 0]);
  expect(await check(own)).toEqual(["current", 1]);
  expect(await check(own)).toEqual(["current", 1]);
  expect(await check(other)).toEqual(["other-viewer", 1]);
  expect(await check(own)).toEqual(["current", 2]);
});

test("listeners of the status are called for another name, and not for the same status", async () => {
  const seen: unknown[] = [];
  const stop = onPageStatusChange(() => seen.push(getPageStatus()));
  for (const session of [other, other, { ...other, name: "Benjamin" }]) await check(session);
  stop();
  expect(seen).toEqual([
    { kind: "other-viewer", name: "Ben" },
    { kind: "other-viewer", name: "Benjamin" },
  ]);
});

test("listeners of the status read the new session at once", async () => {
  const seen: number[] = [];
  const stop = onPageStatusChange(() => seen.push(getPageSession() - before));
  await check(nobody);
  await check(own);
  stop();
  expect(seen).toEqual([0, 1]);
});
