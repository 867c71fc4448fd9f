import { expect, type Page } from "@playwright/test";
import {
  articlePath,
  comment,
  commentWith,
  expectArrived,
  expectWritten,
} from "../e2e/steps/steps.ts";
import { test } from "../support/browser/e2e.ts";
import { open, shoot } from "./pictures.ts";

const desktop = { width: 900, height: 606 };
const phone = { width: 316, height: 668 };

/** The page at this size, with the comment in view, as the address of a picture. */
async function pictureOf(page: Page, said: string, size: typeof desktop): Promise<string> {
  await page.setViewportSize(size);
  await page.evaluate(() => document.fonts.ready);
  await commentWith(page, said).evaluate((each) => each.scrollIntoView({ block: "center" }));
  const picture = await page.screenshot({ caret: "hide", animations: "disabled" });
  return `data:image/png;base64,${picture.toString("base64")}`;
}

test("a screenshot of two people on one article: a comment from a phone arrives on a desktop", async ({
  browser,
}) => {
  const author = await open(browser, "author", articlePath);
  const reader = await open(browser, "reader", articlePath);
  await reader.emulateMedia({ colorScheme: "dark" });
  const said =
    "We met the same cliff with a view on top: the sixth call planned the view, not the table. Setting plan_cache_mode for that one role cured it.";
  await expectWritten(await comment(reader, said));
  await expectArrived(author, said);
  await expect(commentWith(author, said)).toContainText("New");

  const sheet = await (await browser.newContext()).newPage();
  await sheet.setViewportSize({ width: 1320, height: 760 });
  await sheet.setContent(`
    <body style="margin: 0; height: 100vh; display: flex; gap: 28px; place-content: center; align-items: center; background: #d9dad0">
      <img width="${desktop.width}" style="border-radius: 6px; box-shadow: 0 12px 32px #0004" src="${await pictureOf(author, said, desktop)}">
      <img width="${phone.width}" style="border: 5px solid #10141c; border-radius: 20px; box-shadow: 0 12px 32px #0006" src="${await pictureOf(reader, said, phone)}">
    </body>`);
  await shoot(sheet, "inkwell");
});
