import { expect } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { openAs, openLive } from "../steps/steps.ts";
import { ask } from "./analyst-steps.ts";

const margin = "/publications/the-margin";

test("S2.4 S2.7 a member asks, each citation of the answer is read again as the viewer, and a reload shows the stored answer", async ({
  browser,
}) => {
  const page = await openAs(browser, "admin");
  await openLive(page, `${margin}/ask`);
  const question = `What was the average delay? ${Date.now()}`;
  const answer = await ask(page, question);
  await expect(answer).toContainText(
    "The average delay of the first week was 14 minutes [OBS-0005].",
  );
  await expect(answer).not.toContainText("[OBS-0003]");
  await expect(answer).toContainText("Grounded");
  await expect(page.getByTestId("freshness").first()).toHaveText(/Updated .+ Data as of .+/);
  await answer.getByText("Show the cited observations").click();
  const cited = answer.getByRole("list", { name: "Cited observations" });
  await expect(cited.getByText("Signature verified").first()).toBeVisible();
  const text = await answer.getByRole("article").locator("p").nth(1).textContent();
  await page.reload();
  const again = page.getByRole("listitem").filter({ hasText: question });
  await expect(again.getByRole("article").locator("p").nth(1)).toHaveText(text ?? "");
  await again.getByRole("link", { name: "[OBS-0005]" }).first().click();
  await expect(page).toHaveURL(/evidence\/OBS-0005$/);
});

test("S2.6 a writer's answer contains nothing that is for editors, and a question without evidence gets an answer that states it", async ({
  browser,
}) => {
  const [editor, writer] = await Promise.all([openAs(browser, "admin"), openAs(browser, "author")]);
  for (const page of [editor, writer]) await openLive(page, `${margin}/ask`);
  const question = `Is a worn gearbox the cause? ${Date.now()}`;
  await expect(await ask(editor, question)).toContainText("gearbox as the cause");
  const forWriter = await ask(writer, question);
  await expect(forWriter).not.toContainText("gearbox as the cause");
  await expect(forWriter).not.toContainText("OBS-0007");
  const nothing = await ask(writer, "Lighthouse?");
  await expect(nothing).toContainText("The evidence log has nothing about this.");
  await expect(nothing).toContainText("Not grounded");
});

test("pages for members are closed to others, and so is the analyst", async ({ browser }) => {
  const reader = await openAs(browser, "reader");
  const response = await reader.goto(`${margin}/ask`);
  expect(response?.status()).toBe(404);
  const anonymous = await browser.newPage();
  const refused = await anonymous.request.post("/api/analyst", { data: { question: "Why?" } });
  expect(refused.status()).toBe(400);
});
