import { expect } from "@playwright/test";
import { test } from "../support/e2e.ts";
import {
  articlePath,
  comment,
  commentWith,
  expectArrived,
  expectWritten,
  openAll,
} from "./steps.ts";

test("a reader sees who is replying, until the reply is sent, emptied or abandoned, and never sees their own name", async ({
  browser,
}) => {
  const { reader, author } = await openAll(browser, articlePath, "reader", "author");
  const said = `What of expression indexes? ${Date.now()}`;
  await expectWritten(await comment(reader, said));
  await commentWith(author, said)
    .getByRole("button", { name: /^Reply/ })
    .click();
  const field = author.getByRole("textbox", { name: /^Reply to / });
  await field.pressSequentially("They need");

  const line = commentWith(reader, said).locator("[data-repliers]");
  await expect(line).toHaveText(/ is replying…$/);
  const spoken = reader.locator("[aria-live=polite]", { hasText: "is replying" });
  await expect(spoken).toHaveText((await line.textContent()) ?? "");
  await expect(author.locator("[data-repliers]")).toHaveCount(0);

  await field.fill("");
  await expect(line).toHaveCount(0);
  // An abandoned reply ends by the age of its last message.
  await field.pressSequentially("Statistics");
  await expect(line).toBeVisible();
  await author.context().setOffline(true);
  await expect(line).toHaveCount(0, { timeout: 15_000 });
  await author.context().setOffline(false);

  await field.pressSequentially(" of their own");
  await expect(line).toBeVisible();
  await author.getByRole("button", { name: "Reply", exact: true }).click();
  await expect(reader.locator("[data-repliers]")).toHaveCount(0);
  await expectArrived(reader, "Statistics of their own");
});
