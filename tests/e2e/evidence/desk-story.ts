import { type Browser, expect, type Page, type Route } from "@playwright/test";
import { untilClosed } from "../../support/browser/page-tasks.ts";
import { foundPublication, invite, openCast } from "../publications/publication-steps.ts";
import { expectSameDocument, markDocument, openLive } from "../steps/steps.ts";

export const messages = (page: Page) => page.getByRole("log", { name: "Messages" });

export async function send(page: Page, text: string, isQuestion = false): Promise<void> {
  const field = page.getByLabel("Message", { exact: true });
  await field.fill(text);
  await page.getByLabel("Ask the analyst").setChecked(isQuestion);
  await page.getByRole("button", { name: "Send" }).click();
  await expect(field).toHaveValue("");
}

/** Sends a text whose answer is lost, changes it and sends it again. The new text is not taken for the old one. */
async function loseOneAnswer(page: Page, path: string): Promise<void> {
  const isAction = (url: URL) => url.pathname === path;
  await page.route(
    isAction,
    untilClosed(page, async (route: Route) => {
      if (route.request().method() !== "POST") return route.fallback();
      await route.fetch();
      await route.abort();
    }),
  );
  const field = page.getByLabel("Message", { exact: true });
  await field.fill("The answer to this one is lost.");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveValue("The answer to this one is lost.");
  await page.unroute(isAction);
  await send(page, "This one is sent after it.");
  await expect(messages(page)).toContainText("This one is sent after it.");
}

/** Requests of a page for a path of the API from now on. */
export function countReads(page: Page, path: string): () => number {
  let reads = 0;
  page.on("request", (request) => {
    if (request.url().includes(path)) reads += 1;
  });
  return () => reads;
}

/** A publication with a desk, and three people: its owner, a member, and one who is no member. */
export async function openDesk(browser: Browser, name: string) {
  const { owner, writer: member, reviewer: stranger, close } = await openCast(browser);
  const home = await foundPublication(owner, `${name} ${Date.now()}`);
  await owner.goto(`${home}/invitations`);
  await member.goto(await invite(owner, "author@inkwell.example", "Writer"));
  await member.getByRole("button", { name: "Accept invitation" }).click();
  await expect(member).toHaveURL(new RegExp(`${home}$`));
  const own = (await (await owner.request.get("/api/publications?filter=yours")).json()) as {
    readonly id: string;
    readonly slug: string;
  }[];
  const publicationId = own.find(({ slug }) => home.endsWith(slug))?.id ?? "";
  return { owner, member, stranger, home, publicationId, close };
}

/** Makes the network of a page slow, in both directions. */
export async function slowDown(page: Page): Promise<void> {
  const network = await page.context().newCDPSession(page);
  await network.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 400,
    downloadThroughput: 50_000,
    uploadThroughput: 50_000,
  });
}

/**
 * The desk of a publication with three people: its owner, a member whose network is slow, and one who is no member. The
 * page of the member is open before anything is written, and is never loaded again.
 *
 * @param carriesRows whether rows travel to the pages; else each signal costs a read
 */
export async function tellDesk(browser: Browser, carriesRows: boolean): Promise<void> {
  const { owner, member, stranger, home, publicationId, close } = await openDesk(browser, "Desk");

  await openLive(owner, `${home}/desk`);
  await openLive(member, `${home}/desk`);
  await markDocument(member);
  await slowDown(member);
  await send(owner, "Good morning, desk.");
  await expect(messages(member)).toContainText("Good morning, desk.");

  await loseOneAnswer(owner, `${home}/desk`);

  const reads = countReads(member, "/api/publications/chat/contents");
  await send(owner, "What is known about the harbour?", true);
  for (const page of [owner, member]) {
    await expect(messages(page)).toContainText("What is known about the harbour?");
    await expect(messages(page)).toContainText("The evidence log has nothing about this.");
    await expect(messages(page)).not.toContainText("Writing…");
    // It claims nothing.
    await expect(messages(page)).not.toContainText("Not grounded");
  }
  if (carriesRows) expect(reads()).toBe(0);
  else expect(reads()).toBeGreaterThan(0);
  await expectSameDocument(member);

  const late = await member.context().newPage();
  await openLive(late, `${home}/desk`);
  await expect(messages(late)).toContainText("The evidence log has nothing about this.");

  expect((await stranger.goto(`${home}/desk`))?.status()).toBe(404);
  const contents = await owner.request.get(
    `/api/publications/chat/contents?publicationId=${publicationId}`,
  );
  expect(await contents.text()).toContain("Good morning");
  const read = await stranger.request.get(
    `/api/publications/chat/contents?publicationId=${publicationId}`,
  );
  expect(await read.text()).not.toContain("Good morning");
  await close();
}
