import { randomUUID } from "node:crypto";
import { type Browser, expect, type Page } from "@playwright/test";
import postgres from "postgres";
import {
  expectSameDocument,
  markDocument,
  openLive,
  signIn,
  signUp,
  untilQuiet,
} from "../steps/steps.ts";

/**
 * The people of the story, each in a browser of their own: the owner, the writer, the reviewer, and a person whom it
 * does not concern.
 */
export interface Cast {
  readonly owner: Page;
  readonly writer: Page;
  readonly reviewer: Page;
  /** A member of another publication. */
  readonly outsider: Page;
  readonly close: () => Promise<void>;
}

export async function openCast(browser: Browser): Promise<Cast> {
  const [owner, writer, reviewer] = await Promise.all(
    (["admin", "author", "reader"] as const).map(async (role) => {
      const context = await browser.newContext({ storageState: await signIn(browser, role) });
      return context.newPage();
    }),
  );
  if (!owner || !writer || !reviewer) throw new Error("A page is missing.");
  const { page: outsider } = await signUp(browser, "/publications/new");
  const pages = [owner, writer, reviewer, outsider];
  return {
    owner,
    writer,
    reviewer,
    outsider,
    close: async () => {
      for (const page of pages) await page.context().close();
    },
  };
}

/** Creates a publication through its form. @returns its path */
export async function foundPublication(page: Page, name: string): Promise<string> {
  await page.goto("/publications/new");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Description").fill("Told by a test.");
  await page.getByRole("button", { name: "Create publication" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeAttached();
  return new URL(page.url()).pathname;
}

/** Invites a person on the page of invitations. @returns the link that is shown once */
export async function invite(page: Page, email: string, role: string): Promise<string> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Role").selectOption({ label: role });
  await page.getByRole("button", { name: "Create invitation" }).click();
  await expect(page.getByText(`Send this link to ${email}.`)).toBeVisible();
  return (await page.getByTestId("invitation-link").textContent()) ?? "";
}

/** Writes a draft for the demo author, as another writer of the database would. */
export async function writeDraft(ownerUrl: string, title: string): Promise<void> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  try {
    await sql`
      insert into articles (author_id, slug, title, body)
      select id, ${randomUUID()}, ${title}, 'A text about margins.' from users where handle = 'maren'`;
  } finally {
    await sql.end();
  }
}

/** Submits a new draft of the writer, who sees its page afterwards. @returns its title */
export async function submitDraft(writer: Page, home: string, ownerUrl: string): Promise<string> {
  const title = `On margins ${Date.now()}`;
  await writeDraft(ownerUrl, title);
  await openLive(writer, `${home}/submit`);
  await writer.getByLabel("Article").selectOption({ label: title });
  await writer.getByLabel("Note to the editors").fill("For the next issue.");
  await writer.getByRole("button", { name: "Submit article" }).click();
  await expect(stateOf(writer)).toHaveText("Submitted");
  await markDocument(writer);
  return title;
}

/** The state that the page of a submission shows. */
export const stateOf = (page: Page) => page.getByTestId("submission-state");
/** Takes a step of the editorial process. */
export const step = (page: Page, name: string) =>
  page.getByRole("button", { name, exact: true }).click();
/** Opens one more page of the same person. */
export const beside = async (page: Page, path: string) => {
  const other = await page.context().newPage();
  await openLive(other, path);
  await markDocument(other);
  return other;
};
/** Confirms what a dialog asks. */
export const confirm = (page: Page, name: string) =>
  page.getByRole("alertdialog").getByRole("button", { name }).click();

/** The step that the progress of a submission marks as the current one. */
export const progressOf = (page: Page) =>
  page.getByRole("list", { name: "Progress" }).locator('[aria-current="step"]');
/** The tasks of a work list or submission. */
export const tasksOf = (page: Page) => page.getByRole("list", { name: "Tasks" });

export const pathOf = (page: Page) => new URL(page.url()).pathname;

/** The page shows the reason, also when everything has been read again that the end of the right made stale. */
export async function expectReason(page: Page, reason: string): Promise<void> {
  await expect(page.getByText(reason)).toBeVisible();
  await untilQuiet(page);
  await expect(page.getByText(reason)).toBeVisible();
  await expectSameDocument(page);
}
