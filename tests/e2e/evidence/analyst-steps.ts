import { expect, type Locator, type Page } from "@playwright/test";

/** Asks a question on the page Ask. @returns the item with the question and its answer */
export async function ask(page: Page, question: string): Promise<Locator> {
  await page.getByLabel("Question").fill(question);
  await page.getByRole("button", { name: "Ask question" }).click();
  const answer = page
    .getByRole("list", { name: "Answers" })
    .getByRole("listitem")
    .filter({ hasText: question })
    .first();
  await expect(answer.getByRole("article")).toBeVisible();
  return answer;
}
