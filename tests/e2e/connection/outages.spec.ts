import { expect } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import {
  articlePath,
  comment,
  commentWith,
  expectSameDocument,
  expectState,
  expectWritten,
  markDocument,
  openAs,
  openLive,
  unreadCount,
} from "../steps/steps.ts";

test("S3.6 S3.22 a comment written while the broker is down appears in another browser afterwards", {
  tag: "@broker",
}, async ({ browser, broker }) => {
  const reader = await openAs(browser, "reader");
  const author = await openAs(browser, "author");
  await openLive(reader, articlePath);
  await openLive(author, articlePath);
  await markDocument(author);
  const authorUnread = await unreadCount(author);

  await broker.stop();
  await expectState(author, "degraded");
  const said = `Written while nobody could be told ${Date.now()}`;
  await expectWritten(await comment(reader, said));
  await reader.reload();
  await expect(commentWith(reader, said)).toBeVisible();
  expect(await commentWith(author, said).count()).toBe(0);

  await broker.start();
  await expectState(author, "live", 40_000);
  await expect(commentWith(author, said)).toBeVisible();
  await expect.poll(() => unreadCount(author)).toBe(authorUnread + 1);
  await expectSameDocument(author);

  const after = `And live again ${Date.now()}`;
  await expectState(reader, "live", 40_000);
  await comment(reader, after);
  await expect(commentWith(author, after)).toBeVisible();
});

test("S3.6 a comment written while the job runner is down creates its notification afterwards", async ({
  browser,
  jobs,
}) => {
  const reader = await openAs(browser, "reader");
  const author = await openAs(browser, "author");
  await openLive(reader, articlePath);
  await openLive(author, articlePath);
  const before = await unreadCount(author);

  await jobs.stop();
  const said = `Nobody is there to ring the bell ${Date.now()}`;
  await comment(reader, said);
  await expect(commentWith(author, said)).toBeVisible();
  expect(await unreadCount(author)).toBe(before);

  await jobs.start();
  await expect.poll(() => unreadCount(author), { timeout: 30_000 }).toBe(before + 1);
});
