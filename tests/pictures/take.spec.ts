import { expect } from "@playwright/test";
import { messages, send } from "../e2e/evidence/desk-story.ts";
import { invite } from "../e2e/publications/publication-steps.ts";
import {
  articlePath,
  comment,
  expectArrived,
  expectWritten,
  openLive,
  runScheduled,
  signIn,
} from "../e2e/steps/steps.ts";
import { test } from "../support/browser/e2e.ts";
import { open, take, takeLight } from "./pictures.ts";

test("screenshots of the front page, an article and its discussion", async ({ browser }) => {
  await take(await open(browser, "reader", "/"), "home");
  const reader = await open(browser, "reader", articlePath);
  const author = await open(browser, "author", articlePath);
  const said = "Thank you all. I have added the two plans side by side, as some of you asked.";
  await expectWritten(await comment(author, said));
  await expectArrived(reader, said);
  await take(reader, "discussion", () =>
    reader.locator("#discussion-title").evaluate((title) => title.scrollIntoView()),
  );
  await take(await open(browser, "reader", articlePath), "article");
});

test("screenshots of notifications, gists and devices", async ({ browser }) => {
  await take(await open(browser, "author", "/notifications"), "notifications");
  await take(await open(browser, "reader", "/gists"), "gists");
  await signIn(browser, "author"); // another device
  await take(await open(browser, "author", "/settings/sessions"), "sessions");
});

test("screenshots of the editor and the author's dashboard", async ({ browser }) => {
  const page = await open(browser, "author", "/dashboard");
  await expect(page.locator(".recharts-surface").first()).toBeVisible();
  await take(page, "dashboard");
  const edit = page.getByRole("link", { name: /^Edit “The index that slept/ });
  await openLive(page, (await edit.getAttribute("href")) ?? "");
  await take(page, "editor");
});

test("screenshots of a publication", async ({ browser }) => {
  const margin = "/publications/the-margin";
  await take(await open(browser, "reader", margin), "publication");
  const editor = await open(browser, "admin", `${margin}/work?show=all`);
  await take(editor, "publication-work");
  const task = editor.locator(`main a[href^="${margin}/work/"]`).first();
  await openLive(editor, (await task.getAttribute("href")) ?? "");
  await expect(editor.locator("main [aria-busy=true]")).toHaveCount(0);
  await take(editor, "submission");
  await take(await open(browser, "admin", `${margin}/members`), "publication-members");
  await takeLight(await open(browser, "reader", "/publications"), "publications");
  await takeLight(await open(browser, "admin", `${margin}/roles`), "publication-roles");
  await takeLight(await open(browser, "admin", `${margin}/settings`), "publication-settings");
  const inviting = await open(browser, "admin", `${margin}/invitations`);
  await invite(inviting, "nell@inkwell.example", "Reviewer");
  await takeLight(inviting, "publication-invitations", { height: 980 });
  await take(await open(browser, "reader", `${margin}/evidence`), "evidence");
  const asker = await open(browser, "admin", `${margin}/ask`);
  await asker.getByLabel("Question").fill("How late was the ferry in the first week, and why?");
  await asker.getByRole("button", { name: "Ask question" }).click();
  await expect(asker.getByRole("article")).toContainText("Grounded");
  await take(asker, "analyst");
});

test("screenshots of the desk of a publication", async ({ browser }) => {
  const margin = "/publications/the-margin";
  const editor = await open(browser, "admin", margin);
  const article = await editor.locator('main a[href^="/articles/"]').first().getAttribute("href");
  for (let visitors = 0; visitors < 4; visitors += 1) {
    await (await (await browser.newContext()).newPage()).goto(article ?? "");
  }
  await openLive(editor, `${margin}/desk`);
  const writer = await open(browser, "author", `${margin}/desk`);
  await send(writer, "The harbour office has answered. The new figure is in the log.");
  await send(editor, "What was the average delay?", true);
  await expect(messages(editor)).toContainText("[OBS-0005]");
  await expect(messages(editor)).not.toContainText("Writing…");
  // The job counts a minute when it has ended.
  await expect(editor.getByText(/^At most . readers? in one minute/)).toBeVisible({
    timeout: 100_000,
  });
  await take(editor, "desk");
});

test("screenshots of a figure of the evidence log", async ({ browser, baseURL }) => {
  await runScheduled(baseURL, "ingest-feeds");
  const search = new URLSearchParams({ name: "Water level", unit: "m" });
  const figures = `/publications/the-margin/evidence/figures?${search}`;
  const reader = await open(browser, "reader", figures);
  await expect(reader.locator(".recharts-surface")).toBeVisible();
  await take(reader, "figures", () =>
    reader.locator("figure").evaluate((chart) => chart.scrollIntoView({ block: "nearest" })),
  );
});

test("screenshots of the admin pages", async ({ browser }) => {
  const reader = await open(browser, "reader", articlePath);
  const remarks = ["Which version is this?", "It is the same with a hash index.", "Noted, thanks."];
  for (const remark of remarks) await expectWritten(await comment(reader, remark));
  for (const [name, path] of [
    ["admin-overview", "/admin"],
    ["admin-channels", "/admin/channels"],
    ["admin-signals", "/admin/signals"],
  ] as const) {
    await take(await open(browser, "admin", path), name);
  }
});
