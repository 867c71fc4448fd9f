import { type Browser, expect, type Page } from "@playwright/test";
import { untilClosed } from "../../support/browser/page-tasks.ts";
import { invite } from "../publications/publication-steps.ts";
import { expectSameDocument, markDocument, openLive, untilQuiet } from "../steps/steps.ts";
import { countReads, openDesk, slowDown } from "./desk-story.ts";

/** Longest text of a stream before its first row: its names of channels. */
const openingBytes = 1_500;

/** Everything that the live connection of a page receives from now on, over a socket or a stream, as text. */
async function watchFrames(page: Page): Promise<() => string> {
  const tools = await page.context().newCDPSession(page);
  let text = "";
  /** The streams of the page, and the bytes that each one has received. */
  const streams = new Map<string, number>();
  const decoded = (base64: string) => Buffer.from(base64, "base64").toString("utf8");
  tools.on("Network.webSocketFrameReceived", ({ response }) => {
    text += response.payloadData;
  });
  tools.on(
    "Network.responseReceived",
    untilClosed(page, async ({ requestId, response }) => {
      if (!response.url.endsWith("/api/realtime/stream")) return;
      streams.set(requestId, 0);
      const begun = await tools
        .send("Network.streamResourceContent", { requestId })
        .catch((error: Error) => {
          // A page that follows more channels has replaced its stream, which carried no row yet.
          const isReplaced = error.message.includes("ID does not exist");
          if (isReplaced && (streams.get(requestId) ?? 0) < openingBytes)
            return { bufferedData: "" };
          throw error;
        });
      text += decoded(begun.bufferedData);
    }),
  );
  tools.on("Network.dataReceived", ({ requestId, data, dataLength }) => {
    const before = streams.get(requestId);
    if (before === undefined) return;
    streams.set(requestId, before + dataLength);
    if (data !== undefined) text += decoded(data);
  });
  await tools.send("Network.enable");
  return () => text;
}

const table = (page: Page) => page.getByRole("table", { name: "Values of Delay (min)" });
const rowOf = (page: Page, value: string) =>
  table(page).getByRole("row").filter({ hasText: value });

/** The number of values in the table and in the chart. */
async function expectValues(page: Page, count: number): Promise<void> {
  await expect(table(page).locator("tbody tr")).toHaveCount(count);
  await expect(page.locator("figure .recharts-line-dots circle")).toHaveCount(count);
}

/** Records a delay in another tab. */
async function recordDelay(owner: Page, home: string, fields: object, value: string) {
  const tab = await owner.context().newPage();
  await tab.goto(`${home}/evidence/add`);
  const observation = {
    statement: "The ferry was late.",
    source: { name: "Log" },
    eventAt: "2026-01-31",
    figures: [{ name: "Delay", value, unit: "min" }],
    ...fields,
  };
  await tab.getByLabel("File", { exact: true }).setInputFiles({
    name: "log.json",
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify([observation])),
  });
  await tab.getByRole("button", { name: "Record file" }).click();
  await expect(tab.getByText(/^Recorded OBS-/)).toBeVisible();
  await tab.close();
}

/**
 * The delay of a ferry in the evidence log of a publication, with three people: its owner, who is an editor, a member
 * whose network is slow, and one who is no member. Their charts are open before anything is recorded. Each gets the values
 * that they may read, and nothing of the others reaches their browser. At the end the third one becomes a member.
 *
 * @param carriesRows whether rows travel to the pages; else each signal costs a read
 */
export async function tellFigures(browser: Browser, carriesRows: boolean): Promise<void> {
  const { owner, member, stranger, home, publicationId, close } = await openDesk(browser, "Delay");
  const pages = { owner, member, stranger };
  const all = Object.values(pages);
  const frames = {
    owner: await watchFrames(owner),
    member: await watchFrames(member),
    stranger: await watchFrames(stranger),
  };
  for (const page of all) {
    await openLive(page, `${home}/evidence/figures`);
    await expect(page.getByText("No figures yet")).toBeVisible();
    await markDocument(page);
  }
  await recordDelay(owner, home, { clearance: "public" }, "1111.25");
  for (const page of all) {
    await page.getByText("Show as table").click();
    await expectValues(page, 1);
    await expect(page.getByText("1 value. Last: 1111.25 min, 31 Jan 2026.")).toBeVisible();
    await untilQuiet(page);
  }
  await slowDown(member);
  const path = "/api/publications/evidence/";
  const reads = {
    owner: countReads(owner, path),
    member: countReads(member, path),
    stranger: countReads(stranger, path),
  };

  await recordDelay(owner, home, { clearance: "editor", eventAt: "2026-02-03" }, "3333.75");
  await recordDelay(owner, home, { clearance: "member", eventAt: "2026-02-02" }, "2222.5");
  await recordDelay(owner, home, { clearance: "public", corrects: "OBS-0001" }, "1212.25");
  for (const [page, count] of [
    [owner, 4],
    [member, 3],
    [stranger, 2],
  ] as const) {
    await expect(rowOf(page, "1111.25")).toContainText("Corrected by OBS-0004");
    await expectValues(page, count);
    await expectSameDocument(page);
  }
  await expect(owner.getByText("3 values. Last: 3333.75 min, 3 Feb 2026.")).toBeVisible();
  await expect(member.getByText("2 values. Last: 2222.5 min, 2 Feb 2026.")).toBeVisible();
  await expect(stranger.getByText("1 value. Last: 1212.25 min, 31 Jan 2026.")).toBeVisible();
  await owner.locator("figure .recharts-line-dots circle").last().hover();
  await expect(owner.getByText(/^1111\.25 min · OBS-0001, corrected by OBS-0004$/)).toBeVisible();

  // Rows travel over streams alone; what a person may not read is not even named to their browser.
  for (const name of ["owner", "member", "stranger"] as const) {
    if (carriesRows) expect(reads[name](), name).toBe(0);
    else expect(reads[name](), name).toBeGreaterThan(0);
    await expect.poll(frames[name]).toContain(carriesRows ? "1212.25" : "figures.public.");
    if (!carriesRows) expect(frames[name]()).not.toMatch(/1111\.25|1212\.25|2222\.5|3333\.75/);
  }
  expect(frames.owner()).toContain(carriesRows ? "3333.75" : "figures.editor.");
  expect(frames.member()).toContain(carriesRows ? "2222.5" : "figures.member.");
  expect(frames.member()).not.toMatch(/3333\.75|figures\.editor/);
  expect(frames.stranger()).not.toMatch(/3333\.75|2222\.5|figures\.(editor|member)/);
  expect(await member.content()).not.toContain("3333.75");
  expect(await stranger.content()).not.toMatch(/3333\.75|2222\.5/);

  const late = await member.context().newPage();
  await openLive(late, `${home}/evidence/figures?name=Delay&unit=min`);
  await late.getByText("Show as table").click();
  await expectValues(late, 3);

  const search = new URLSearchParams({ publicationId, name: "Delay", unit: "min" });
  const read = await stranger.request.get(`${path}values?${search}`);
  expect(await read.json()).toMatchObject([{ number: 1 }, { number: 4 }]);
  const join = await stranger.request.post("/api/realtime", {
    data: {
      v: 1,
      type: "join",
      socketId: "1.1",
      channels: [`figures.member.${publicationId}`, `figures.editor.${publicationId}`],
    },
    headers: { origin: new URL(stranger.url()).origin },
  });
  expect(await join.json()).toMatchObject({
    results: [{ status: "denied" }, { status: "denied" }],
  });

  // The rights grow while the chart is open: it gets what members read, and goes on with it.
  const tab = await owner.context().newPage();
  await tab.goto(`${home}/invitations`);
  const link = await invite(tab, "reader@inkwell.example", "Writer");
  const guest = await stranger.context().newPage();
  await guest.goto(link);
  await guest.getByRole("button", { name: "Accept invitation" }).click();
  await expectValues(stranger, 3);
  await recordDelay(owner, home, { clearance: "member", eventAt: "2026-02-04" }, "4444.5");
  for (const page of [member, stranger]) await expect(rowOf(page, "4444.5")).toBeVisible();
  await expectSameDocument(stranger);
  await close();
}
