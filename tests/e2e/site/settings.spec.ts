import { type Browser, expect, type Page } from "@playwright/test";
import { signal } from "querycast";
import { channels } from "@/channels/index.ts";
import { test } from "../../support/browser/e2e.ts";
import { homeOf } from "../../support/browser/twin-site.ts";
import { createOwnerWriter } from "../../support/browser/write-as-owner.ts";
import {
  expectSameDocument,
  expectState,
  markDocument,
  openAs,
  openLive,
  signIn,
} from "../steps/steps.ts";

/** A separate browser of the reader: a device that no other test uses. */
const openDevice = async (browser: Browser, home: { baseURL?: string } = {}): Promise<Page> =>
  (await browser.newContext({ storageState: await signIn(browser, "reader"), ...home })).newPage();

/** Signs out one of the other devices and waits until the list no longer shows it. */
async function signOneOut(page: Page): Promise<void> {
  const rows = page.getByRole("listitem");
  const before = await rows.count();
  await page
    .getByRole("button", { name: /^Sign out (?!everywhere)/ })
    .first()
    .click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Sign out" }).click();
  await expect(rows).toHaveCount(before - 1);
}

test("S3.9 a device signed out from another one is out at once, and both pages show it", {
  tag: "@live",
}, async ({ browser }) => {
  const here = await openDevice(browser);
  const there = await openDevice(browser, homeOf("reader"));
  await signIn(browser, "reader"); // one more, so that others remain after the first
  await openLive(here, "/settings/sessions");
  await openLive(there, "/settings/sessions");
  await markDocument(here);

  await signOneOut(here);
  await here.getByRole("button", { name: "Sign out everywhere else" }).click();
  await here.getByRole("alertdialog").getByRole("button", { name: "Sign out" }).click();
  await expect(here.getByRole("listitem")).toHaveCount(1);
  await expect(here.getByText("You are signed in on this device only.")).toBeVisible();
  await expectSameDocument(here);

  await expectState(there, "offline");
  await expect(there.getByText("This device has been signed out.")).toBeVisible();
  await there.reload();
  await expect(there).toHaveURL(/\/sign-in/);
});

test("signing a device out reads the sessions once: the page recognises its own signal", {
  tag: "@live",
}, async ({ browser, ownerUrl }) => {
  const here = await openDevice(browser);
  await signIn(browser, "reader");
  await openLive(here, "/settings/sessions");
  const answer = await here.request.get("/api/auth/session");
  const userId = ((await answer.json()) as { user: { id: string } }).user.id;
  const reads = { "/api/sessions": 0, "/api/notifications/unread-count": 0 };
  here.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname in reads) reads[pathname as keyof typeof reads] += 1;
  });

  await signOneOut(here);
  // A later signal on the same channel: when it has arrived, the earlier one has, too.
  const owner = createOwnerWriter(ownerUrl);
  const bell = channels.user({ userId });
  const notificationId = crypto.randomUUID();
  await owner.write(async () => {}, [signal(bell, "notification.created", { notificationId })]);
  await owner.close();
  await expect.poll(() => reads["/api/notifications/unread-count"], { timeout: 20_000 }).toBe(1);
  expect(reads["/api/sessions"]).toBe(1);
});

test("a changed profile is shown", async ({ browser }) => {
  const page = await openDevice(browser);
  await page.goto("/settings");
  const name = await page.getByLabel("Name").inputValue();
  const bio = `Reads before breakfast, since ${Date.now()}.`;
  await page.getByLabel("About you").fill(bio);
  await page.getByLabel("Name").fill(" ");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Enter your name.").last()).toBeVisible();
  await expect(page.getByLabel("About you")).toHaveValue(bio);
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
});

test("S3.28 a changed profile appears on open pages of the person without a reload", {
  tag: "@live",
}, async ({ browser }) => {
  const [reader, author] = [await openAs(browser, "reader"), await openAs(browser, "author")];
  await openLive(reader, "/people/maren");
  await markDocument(reader);
  const reads: string[] = [];
  reader.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/api/") && request.method() === "GET") reads.push(pathname);
  });
  await author.goto("/settings");
  const [name, bio] = [author.getByLabel("Name"), author.getByLabel("About you")];
  const before = { name: await name.inputValue(), bio: await bio.inputValue() };
  const after = { name: `Maren ${Date.now()}`, bio: `Changed her mind at ${Date.now()}.` };
  const save = async (profile: typeof before) => {
    await name.fill(profile.name);
    await bio.fill(profile.bio);
    await author.getByRole("button", { name: "Save" }).click();
    await expect(author.getByText("Saved.")).toBeVisible();
  };

  await save(after);
  await expect(reader.getByRole("heading", { level: 1 })).toHaveText(after.name);
  await expect(reader.getByText(after.bio)).toBeVisible();
  // Only the card was read again, once; the articles are another row.
  expect(reads).toEqual(["/api/people"]);
  await save(before);
  await expect(reader.getByRole("heading", { level: 1 })).toHaveText(before.name);
  await expectSameDocument(reader);
});
