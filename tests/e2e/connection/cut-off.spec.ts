import { expect, type Page } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import {
  articlePath,
  comment,
  expectArrived,
  expectSameDocument,
  expectState,
  expectWritten,
  markDocument,
  openAs,
  openLive,
} from "../steps/steps.ts";

const cutMs = 60_000;

/** Requests of the page to the site from now on, e.g. `/api/comments` or `catch-up`. */
function watchRequests(page: Page): string[] {
  const seen: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname === "/api/realtime") seen.push(String(request.postDataJSON()?.type));
    else if (pathname.startsWith("/api/")) seen.push(pathname);
  });
  return seen;
}

test("K1 K6 K11 a page without network for a minute shows it, sends no requests, and catches up without a reload", async ({
  browser,
}) => {
  test.setTimeout(cutMs + 90_000);
  const reader = await openAs(browser, "reader");
  const author = await openAs(browser, "author");
  await openLive(reader, articlePath);
  await openLive(author, articlePath);
  await markDocument(reader);
  const requests = watchRequests(reader);

  await reader.context().setOffline(true);
  const cutAtMs = Date.now();
  await expectState(reader, "offline");
  requests.splice(0);
  const first = `At the start of the cut ${cutAtMs}`;
  await expectWritten(await comment(author, first));
  await expect
    .poll(() => Date.now() - cutAtMs, { timeout: cutMs + 10_000 })
    .toBeGreaterThanOrEqual(cutMs);
  const last = `At its end ${cutAtMs}`;
  await expectWritten(await comment(author, last));
  await expectState(reader, "offline");
  expect(requests).toEqual([]);

  await reader.context().setOffline(false);
  await expectState(reader, "live");
  for (const said of [first, last]) await expectArrived(reader, said);
  await expectSameDocument(reader);
  const count = (what: string) => requests.filter((each) => each === what).length;
  // One read each, and one more for signals in between. TanStack Query refetches stale data itself.
  for (const what of ["join", "catch-up", "sign-in"]) expect(count(what)).toBeLessThanOrEqual(2);
  expect(count("/api/comments")).toBeLessThanOrEqual(2);
  expect(requests.length).toBeLessThanOrEqual(20);

  const after = `And live again ${cutAtMs}`;
  await comment(author, after);
  await expectArrived(reader, after);
});
