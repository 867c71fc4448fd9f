import { expect, type Page } from "@playwright/test";
import postgres from "postgres";
import { test } from "../../support/browser/e2e.ts";
import { foundPublication, invite } from "../publications/publication-steps.ts";
import {
  expectSameDocument,
  markDocument,
  openAs,
  openLive,
  runScheduled,
} from "../steps/steps.ts";

const margin = "/publications/the-margin/evidence";
const list = (page: Page) => page.getByRole("list", { name: "Observations" });
const freshness = (page: Page) => page.getByTestId("freshness");

/** A publication of the demo admin, whose writer is the demo author. */
async function foundWithWriter(owner: Page, writer: Page): Promise<string> {
  const home = await foundPublication(owner, `Evidence ${Date.now()}`);
  await openLive(owner, `${home}/invitations`);
  const link = await invite(owner, "author@inkwell.example", "Writer");
  await writer.goto(link);
  await writer.getByRole("button", { name: "Accept invitation" }).click();
  await expect(writer).toHaveURL(new RegExp(`${home}$`));
  return home;
}

async function record(page: Page, home: string, statement: string, clearance: string) {
  await page.goto(`${home}/evidence/add`);
  await page.getByLabel("Statement").fill(statement);
  await page.getByRole("button", { name: "Add figure" }).click();
  await page.getByLabel("Name of figure 1").fill("Length");
  await page.getByLabel("Value of figure 1").fill("12");
  await page.getByLabel("Unit of figure 1").fill("m");
  await page.getByLabel("Source", { exact: true }).fill("A tape measure");
  await page.getByLabel("Time of the event").fill("2026-01-31T08:00");
  await page.getByLabel("Who may read it").selectOption({ label: clearance });
  await page.getByRole("button", { name: "Record observation" }).click();
}

test("S2.16 an observation appears in the open pages of those who may read it, and a broken one is shown as broken", async ({
  browser,
  ownerUrl,
}) => {
  test.slow();
  const [owner, writer, reader] = await Promise.all(
    (["admin", "author", "reader"] as const).map((role) => openAs(browser, role)),
  );
  if (!owner || !writer || !reader) throw new Error("A page is missing.");
  const home = await foundWithWriter(owner, writer);
  for (const page of [writer, reader]) {
    await openLive(page, `${home}/evidence`);
    await expect(page.getByText("No observations yet")).toBeVisible();
    await markDocument(page);
  }
  await record(owner, home, "The pier is 12 m long.", "Public");
  await expect(owner).toHaveURL(/OBS-0001$/);
  await expect(owner.getByText("Signature verified").first()).toBeVisible();
  for (const page of [writer, reader]) {
    await expect(list(page).getByText("The pier is 12 m long.")).toBeVisible();
    await expect(freshness(page)).toHaveText(/Updated .+ Data as of the last ingest at .+/);
  }
  await record(owner, home, "The pier is closed to members.", "Members");
  await record(owner, home, "The pier was sold.", "Editors");
  await expect(owner).toHaveURL(/OBS-0003$/);
  await expect(list(writer).getByText("closed to members")).toBeVisible();
  await expect(list(writer).getByRole("listitem")).toHaveCount(2);
  await expect(list(reader).getByRole("listitem")).toHaveCount(1);
  for (const page of [writer, reader]) await expectSameDocument(page);
  for (const page of [writer, reader]) {
    const response = await page.goto(`${home}/evidence/OBS-0003`);
    expect(response?.status()).toBe(404);
  }

  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  await sql.begin(async (tx) => {
    await tx`alter table observations disable trigger user`;
    await tx`update observations set statement = 'The pier is 21 m long.'
      where statement = 'The pier is 12 m long.'`;
    await tx`alter table observations enable trigger user`;
  });
  await sql.end();
  await reader.goto(`${home}/evidence/OBS-0001`);
  await expect(reader.getByText("Broken: changed after it was signed").first()).toBeVisible();
  await owner.goto(`${home}/evidence`);
  await expect(list(owner).getByText("Broken: changed after it was signed")).toHaveCount(1);
});

test("a file with a wrong row is refused with its line, the corrected file is recorded, and the export has it", async ({
  browser,
}) => {
  const owner = await openAs(browser, "admin");
  const home = await foundPublication(owner, `Files ${Date.now()}`);
  await owner.goto(`${home}/evidence/add`);
  const header = "statement,source_name,event_at,clearance\n";
  const choose = (rows: string) =>
    owner.getByLabel("File", { exact: true }).setInputFiles({
      name: "log.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(header + rows),
    });
  await choose("First.,Log,2026-01-31,public\nSecond.,Log,soon,public\n");
  await owner.getByRole("button", { name: "Record file" }).click();
  await expect(owner.getByText("1 of 2 rows cannot be recorded")).toBeVisible();
  await expect(owner.getByText("Line 3: eventAt: Enter the time of the event")).toBeVisible();
  await choose("First.,Log,2026-01-31,public\nSecond.,Log,2026-02-01,public\n");
  await owner.getByRole("button", { name: "Record file" }).click();
  await expect(owner.getByText("Recorded 2 observations: OBS-0001 to OBS-0002.")).toBeVisible();

  await owner.goto(`${home}/evidence`);
  await expect(list(owner).getByRole("listitem")).toHaveCount(2);
  await owner.getByRole("link", { name: "Timeline of events" }).click();
  await expect(list(owner).getByRole("listitem").first()).toContainText("Second.");
  await owner.getByLabel("Words").fill("first");
  await owner.getByRole("button", { name: "Show" }).click();
  await expect(list(owner).getByRole("listitem")).toHaveCount(1);
  const href = await owner.getByRole("link", { name: "Export as JSON" }).getAttribute("href");
  const exported = await (await owner.request.get(href ?? "")).json();
  expect(exported).toMatchObject({
    readAt: expect.any(String),
    dataAsOfIngestAt: expect.any(String),
    observations: [{ id: "OBS-0001", statement: "First.", integrity: "verified" }],
  });
});

interface Exported {
  readonly dataAsOfIngestAt: string;
  readonly observations: readonly {
    readonly id: string;
    readonly eventAt: string;
    readonly ingestedAt: string;
    readonly correctedBy: string | null;
  }[];
}

/** The export that a page of the log links to. */
async function exportOf(page: Page): Promise<Exported> {
  const href = await page.getByRole("link", { name: "Export as JSON" }).getAttribute("href");
  return (await page.request.get(href ?? "")).json();
}

const idsOf = (rows: Exported["observations"]) => rows.map(({ id }) => id).sort();
const shownIds = (page: Page) =>
  list(page)
    .getByRole("listitem")
    .evaluateAll((items) => items.map(({ id }) => id).sort());

test("S2.11 the log as of a day has what was ingested until its end, without later corrections, and so has the export", async ({
  browser,
}) => {
  const page = await openAs(browser, "admin");
  await page.goto(margin);
  const all = (await exportOf(page)).observations;
  const corrected = all.find(({ id }) => id === "OBS-0003");
  expect(corrected?.correctedBy).toBe("OBS-0005");
  const day = corrected?.ingestedAt.slice(0, 10) ?? "";
  const until = all.filter(({ ingestedAt }) => ingestedAt.slice(0, 10) <= day);
  expect(idsOf(until)).toContain("OBS-0003");
  expect(idsOf(until)).not.toContain("OBS-0005");

  await page.getByLabel("Log as of").fill(day);
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(new RegExp(`ingestedUntil=${day}`));
  await expect.poll(() => shownIds(page)).toEqual(idsOf(until));
  await expect(page.getByLabel("Log as of")).toHaveValue(day);
  await expect(list(page).getByText("Corrected by")).toHaveCount(0);
  const asOf = await exportOf(page);
  expect(idsOf(asOf.observations)).toEqual(idsOf(until));
  expect(asOf.observations.map(({ correctedBy }) => correctedBy)).not.toContain("OBS-0005");
  const last = until.map(({ ingestedAt }) => ingestedAt).sort();
  expect(Date.parse(asOf.dataAsOfIngestAt)).toBe(Date.parse(last.at(-1) ?? ""));
});

test("S2.11 the events until a day include those of that day, in the list and in the export", async ({
  browser,
}) => {
  const page = await openAs(browser, "admin");
  await page.goto(`${margin}?order=event`);
  const all = (await exportOf(page)).observations;
  const day = all.find(({ id }) => id === "OBS-0005")?.eventAt.slice(0, 10) ?? "";
  const until = all.filter(({ eventAt }) => eventAt.slice(0, 10) <= day);
  expect(idsOf(until)).toContain("OBS-0005");
  expect(until.length).toBeLessThan(all.length);
  await page.getByLabel("Events until").fill(day);
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(new RegExp(`eventUntil=${day}`));
  await expect.poll(() => shownIds(page)).toEqual(idsOf(until));
  expect(idsOf((await exportOf(page)).observations)).toEqual(idsOf(until));
});

test("S2.10 without JavaScript the page of the log has the same observations as its route and its export, for each role", async ({
  browser,
}) => {
  const slices: number[] = [];
  for (const role of ["nobody", "reader", "author", "admin"] as const) {
    const signedIn = role === "nobody" ? null : await openAs(browser, role);
    const storageState = await signedIn?.context().storageState();
    const context = await browser.newContext({ storageState, javaScriptEnabled: false });
    const page = await context.newPage();
    // What a feed has added since is not in it.
    await page.goto(`${margin}?ingestedUntil=${new Date(Date.now() - 86_400_000).toISOString()}`);
    const shown = await list(page)
      .getByRole("listitem")
      .evaluateAll((items) => items.map(({ id }) => id).sort());
    const exported = await exportOf(page);
    expect(idsOf(exported.observations), role).toEqual(shown);
    const href = await page.getByRole("link", { name: "Export as JSON" }).getAttribute("href");
    const read = (await (await page.request.get(String(href).replace("/export", ""))).json()) as {
      readonly rows: readonly { readonly number: number }[];
    };
    const numbers = read.rows.map(({ number }) => `OBS-${String(number).padStart(4, "0")}`);
    expect(numbers.sort(), role).toEqual(shown);
    slices.push(shown.length);
    await context.close();
  }
  const [nobody = 0, reader, author = 0, admin] = slices;
  expect(nobody).toBeGreaterThan(0);
  expect(reader).toBe(nobody);
  expect(author).toBeGreaterThan(nobody);
  expect(admin).toBeGreaterThan(author);
});

test("S2.15 the scheduled job reads the feed of a publication: its rows appear in an open page, whose data is then as of that ingest", async ({
  browser,
  baseURL,
  ownerUrl,
}) => {
  test.slow();
  const [owner, reader] = [await openAs(browser, "admin"), await openAs(browser, "reader")];
  const home = await foundPublication(owner, `Fed ${Date.now()}`);
  await openLive(reader, `${home}/evidence`);
  await expect(freshness(reader)).toContainText("No ingest yet.");
  await markDocument(reader);
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  await sql`
    insert into evidence_feeds (publication_id, name, url, clearance)
    select id, 'Gauge of the harbour', 'built-in:harbour', 'public' from publications
    where slug = ${home.split("/").at(-1) ?? ""}`;
  await sql.end();
  await runScheduled(baseURL, "ingest-feeds");
  await expect(
    list(reader)
      .getByText(/^The gauge at the ferry harbour read/)
      .first(),
  ).toBeVisible();
  await expect(freshness(reader)).toContainText("Data as of the last ingest at");
  const [exported, shown] = [
    await exportOf(reader),
    await freshness(reader).locator("time").last().getAttribute("datetime"),
  ];
  const last = exported.observations.map(({ ingestedAt }) => Date.parse(ingestedAt));
  expect(Date.parse(shown ?? "")).toBe(Math.max(...last));
  await expectSameDocument(reader);
});
