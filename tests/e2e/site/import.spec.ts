import { expect, type Page, type Route } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { untilClosed } from "../../support/browser/page-tasks.ts";
import { makeZip } from "../../support/hostile/make-zip.ts";
import { openAs, openLive } from "../steps/steps.ts";

interface Chosen {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const file = (name: string, text: string | Buffer): Chosen => ({
  name,
  mimeType: "text/markdown",
  buffer: Buffer.from(text),
});

const filesOf = (page: Page) => page.getByLabel("Markdown files or a .zip archive");

async function choose(page: Page, ...files: Chosen[]): Promise<void> {
  await filesOf(page).setInputFiles(files);
  await page.getByRole("button", { name: "Import drafts" }).click();
}

test("Markdown files become drafts: the page shows the progress, and what became of each file", async ({
  browser,
}) => {
  const author = await openAs(browser, "author");
  await openLive(author, "/dashboard");
  await author.getByRole("link", { name: "Import drafts" }).click();
  await choose(author, file("picture.md", Buffer.from([0xff, 0xfe, 0x00])));
  await expect(filesOf(author)).toHaveAccessibleDescription(/“picture\.md” is not UTF-8 text/);

  const title = `Notes of a migration ${Date.now()}`;
  await choose(
    author,
    file("notes.md", `---\ntitle: ${title}\ntags: postgres, unheard-of\n---\nThe first step.`),
    file("empty.md", ""),
    ...Array.from({ length: 8 }, (_, index) => file(`part-${index}.md`, `# Part ${index}\n\nText`)),
  );
  await author.waitForURL(/\/write\/import\/[\w-]+$/);
  const bar = author.getByRole("progressbar");
  await expect(bar).toHaveAttribute("aria-valuemax", "10");
  await expect(author.getByRole("status").filter({ hasText: "Finished" })).toHaveText(
    "Finished: 9 drafts, 1 failed",
    { timeout: 30_000 },
  );
  await expect(bar).toHaveAttribute("aria-valuenow", "10");
  const failed = author.getByRole("listitem").filter({ hasText: "empty.md" });
  await expect(failed).toContainText("The file has no text.");
  const made = author.getByRole("listitem").filter({ hasText: title });
  await expect(made).toContainText("unheard-of");

  const address = author.url();
  await made.getByRole("link").click();
  await expect(author.getByLabel("Title")).toHaveValue(title);
  await author.goto("/write/import");
  await author.getByRole("link", { name: /^10 files/ }).click();
  await author.waitForURL(address);
  await expect(author.getByText("Finished: 9 drafts, 1 failed")).toBeVisible();

  const admin = await openAs(browser, "admin");
  expect((await admin.goto(address))?.status()).toBe(404);
});

test("the progress bar of an import moves by messages alone, and the result is shown when the page has read it", async ({
  browser,
}) => {
  const author = await openAs(browser, "author");
  await openLive(author, "/write/import");
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  const hold = async (route: Route) => {
    await isReleased;
    await route.fallback();
  };
  await author.route(/\/api\/imports\?/, untilClosed(author, hold));
  const shown = await author.evaluateHandle(() => {
    const values: number[] = [];
    new MutationObserver(() => {
      const bar = document.querySelector("[role=progressbar]");
      if (bar !== null) values.push(Number(bar.getAttribute("aria-valuenow")));
    }).observe(document, { subtree: true, childList: true, attributeFilter: ["aria-valuenow"] });
    return values;
  });
  const files = Array.from({ length: 40 }, (_, index) => ({
    name: `notes/${index}.md`,
    body: `# Note ${index}\n\nText`,
  }));
  await choose(author, {
    name: "notes.zip",
    mimeType: "application/zip",
    buffer: makeZip(files),
  });
  await author.waitForURL(/\/write\/import\/[\w-]+$/);
  const bar = author.getByRole("progressbar");
  await expect(bar).toHaveAttribute("aria-valuenow", "40", { timeout: 60_000 });
  const values = await shown.jsonValue();
  expect(values.filter((value) => value > 0 && value < 40)).not.toEqual([]);
  expect(values).toEqual([...values].sort((one, other) => one - other));
  const line = author.getByRole("status").filter({ hasText: "file" });
  await expect(line).toHaveText("40 of 40 files done");
  release();
  await expect(author.getByText("Finished: 40 drafts, 0 failed")).toBeVisible();
});

test("an import whose messages are lost shows its result by reading it", async ({
  browser,
  wire,
}) => {
  const author = await openAs(browser, "author");
  await openLive(author, "/write/import");
  await wire.stop();
  await choose(author, file("alone.md", "# Alone\n\nText"));
  await expect(author.getByText("Finished: 1 draft, 0 failed")).toBeVisible({ timeout: 30_000 });
});

test("the Markdown files of an archive become drafts, and an archive that cannot be read is refused with the reason", async ({
  browser,
}) => {
  const author = await openAs(browser, "author");
  await author.goto("/write/import");
  const zip = (buffer: Buffer) => ({ name: "blog.zip", mimeType: "application/zip", buffer });
  const files = filesOf(author);
  await choose(author, zip(Buffer.from("not a zip")));
  await expect(files).toHaveAccessibleDescription(
    /This file is not a \.zip archive, or it is damaged\./,
  );
  await choose(author, zip(makeZip([{ name: "../../a.md", body: "Text" }])));
  await expect(files).toHaveAccessibleDescription(/a file name that is not inside of it/);
  await choose(author, zip(makeZip([{ name: "a.md", body: Buffer.alloc(100_000_000) }])));
  await expect(files).toHaveAccessibleDescription(/more than 4 MB together/);
  await choose(author, zip(makeZip([{ name: "a.md", body: "Text" }])), file("b.md", "Text"));
  await expect(files).toHaveAccessibleDescription(
    /Choose one \.zip archive, or Markdown files without it\./,
  );

  const title = `From an archive ${Date.now()}`;
  const archive = makeZip([
    { name: "blog/posts/first.md", body: `# ${title}\n\nThe first step.` },
    { name: "blog/cover.png", body: "no picture" },
    { name: "__MACOSX/blog/posts/._first.md", body: "hidden" },
    // More files than the form accepts as loose ones.
    ...Array.from({ length: 24 }, (_, index) => ({
      name: `blog/drafts/${index}.md`,
      body: `# Draft ${index}\n\nText`,
    })),
  ]);
  await choose(author, zip(archive));
  await author.waitForURL(/\/write\/import\/[\w-]+$/);
  await expect(author.getByRole("progressbar")).toHaveAttribute("aria-valuemax", "25");
  await expect(author.getByText("Finished: 25 drafts, 0 failed")).toBeVisible({ timeout: 60_000 });
  const made = author.getByRole("listitem").filter({ hasText: title });
  await expect(made).toContainText("blog/posts/first.md");
  await made.getByRole("link").click();
  await expect(author.getByLabel("Title")).toHaveValue(title);
});
