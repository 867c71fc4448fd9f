import { expect } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { expectSameDocument, markDocument, openLive } from "../steps/steps.ts";
import { messages, openDesk, send } from "./desk-story.ts";

test("unread messages of a desk appear in a member's open pages, and go in all tabs when the desk is shown", {
  tag: "@live",
}, async ({ browser }) => {
  test.slow();
  const { owner, member, stranger, home, publicationId, close } = await openDesk(browser, "Unread");
  const [list, evidence] = [member, await member.context().newPage()];
  await openLive(list, "/publications?show=yours");
  await openLive(evidence, `${home}/evidence`);
  const inList = list.locator(`a[href="${home}/desk"]`);
  const inHead = (name: string) => evidence.getByRole("link", { name, exact: true });
  await expect(inHead("Desk")).toBeVisible();
  await expect(inList).toHaveCount(0);
  for (const page of [list, evidence]) await markDocument(page);

  await openLive(owner, `${home}/desk`);
  await send(owner, "The first one.");
  await expect(inHead("Desk (1)")).toBeVisible();
  await expect(inList).toHaveText("1 new message");
  await send(owner, "The second one.");
  await expect(inHead("Desk (2)")).toBeVisible();
  await expect(inList).toHaveText("2 new messages");
  // One's own messages are not new.
  await expect(owner.getByRole("link", { name: "Desk", exact: true })).toBeVisible();

  const desk = await member.context().newPage();
  await openLive(desk, `${home}/desk`);
  await expect(messages(desk)).toContainText("The second one.");
  await expect(inHead("Desk")).toBeVisible();
  await expect(inList).toHaveCount(0);
  for (const page of [list, evidence]) await expectSameDocument(page);

  const read = await stranger.request.get(
    `/api/publications/chat/unread?publicationId=${publicationId}`,
  );
  expect(await read.json()).toBe(0);
  await close();
});
