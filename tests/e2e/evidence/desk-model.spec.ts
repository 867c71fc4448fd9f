import { expect, type Page } from "@playwright/test";
import postgres from "postgres";
import { gate, modelVariables, script, test } from "../steps/model-site.ts";
import { expectSameDocument, markDocument, openAs, openLive } from "../steps/steps.ts";
import { countReads, messages, send, slowDown } from "./desk-story.ts";

test.use({ siteName: "desk-model", extra: modelVariables });

const margin = "/publications/the-margin";
const desk = `${margin}/desk`;
const first = "The timetable lists 38 crossings a day [OBS-0001].";
const second = "The average delay of the first week was 14 minutes [OBS-0005].";
const third = "In the second week 266 crossings were scheduled and 259 sailed [OBS-0006].";

/** The last message of the chat. */
const lastIn = (page: Page) => messages(page).getByRole("listitem").last();

test("S0.9 S0.14 S2.2 an answer in the chat grows sentence by sentence in open pages by rows, and a page that opens meanwhile starts with its beginning", async ({
  browser,
  site: _site,
}) => {
  test.slow();
  const [owner, member] = [await openAs(browser, "admin"), await openAs(browser, "author")];
  for (const page of [owner, member]) {
    await openLive(page, desk);
    await markDocument(page);
  }
  await slowDown(member);
  const [afterFirst, afterSecond] = [gate(), gate()];
  script.moves = [
    `${first} The average delay`,
    { wait: afterFirst.wait },
    " of the first week was 14 minutes [OBS-0005]. In the second week",
    { wait: afterSecond.wait },
    " 266 crossings were scheduled and 259 sailed [OBS-0006].",
  ];
  const contents = "/api/publications/chat/contents";
  const reads = [owner, member].map((page) => countReads(page, contents));
  const expectShown = async (page: Page, shown: string, hidden?: string) => {
    await expect(lastIn(page)).toContainText(shown);
    if (hidden === undefined) return;
    await expect(lastIn(page)).not.toContainText(hidden);
    await expect(lastIn(page)).toContainText("Writing…");
  };

  await send(owner, "How punctual is the ferry?", true);
  // The owner's page does not wait for the slow one.
  for (const page of [owner, member]) await expectShown(page, first, "average delay");
  const late = await openAs(browser, "author");
  await openLive(late, desk);
  await markDocument(late);
  await expectShown(late, first, "average delay");
  reads.push(countReads(late, contents));

  afterFirst.open();
  for (const page of [owner, late, member]) {
    await expectShown(page, `${first} ${second}`, "second week");
  }
  afterSecond.open();
  for (const page of [owner, late, member]) {
    await expectShown(page, `${first} ${second} ${third}`);
    await expect(lastIn(page)).not.toContainText("Writing…");
    await expect(lastIn(page)).not.toContainText(/grounded/i);
    await expect(lastIn(page).getByRole("link", { name: "[OBS-0005]" })).toHaveAttribute(
      "href",
      `${margin}/evidence/OBS-0005`,
    );
    await expectSameDocument(page);
  }
  expect(reads.map((count) => count())).toEqual([0, 0, 0]);
});

test("S2.7 an answer that breaks off at every try is ended by its job, and open pages show that it could not be finished", async ({
  browser,
  model,
}) => {
  test.slow();
  const [owner, member] = [await openAs(browser, "admin"), await openAs(browser, "author")];
  for (const page of [owner, member]) await openLive(page, desk);
  await markDocument(member);
  script.moves = [`${first} And`, "break off"];
  const tries = model.requests.length;
  await send(owner, "What breaks off?", true);
  for (const page of [owner, member]) {
    await expect(lastIn(page)).toContainText("The analyst could not finish this answer.", {
      timeout: 45_000,
    });
    await expect(lastIn(page)).toContainText(first);
    await expect(lastIn(page)).not.toContainText("Writing…");
  }
  expect(model.requests.length - tries).toBe(3);
  await expectSameDocument(member);
});

test("S2.5 S2.11 answers are no longer shown as grounded after an observation that they cite is corrected or altered", async ({
  browser,
  site,
}) => {
  test.slow();
  const [editor, writer] = [await openAs(browser, "admin"), await openAs(browser, "author")];
  script.moves = [`${first} ${third}`];
  await openLive(editor, desk);
  await send(editor, "What is still grounded?", true);
  await expect(lastIn(editor)).toContainText(third);
  await openLive(writer, `${margin}/ask`);
  await markDocument(writer);
  await writer.getByLabel("Question").fill("Is this still grounded?");
  await writer.getByRole("button", { name: "Ask question" }).click();
  const answer = writer.getByRole("article").filter({ hasText: "Is this still grounded?" });
  await expect(answer).toContainText("Grounded: each sentence is cited");
  await expect(lastIn(editor)).not.toContainText(/grounded:/i);

  const form = await editor.context().newPage();
  await form.goto(`${margin}/evidence/add?corrects=OBS-0006`);
  await form.getByLabel("Statement").fill("In the second week 250 of the crossings sailed.");
  await form.getByLabel("Source", { exact: true }).fill("The log of the harbour");
  await form.getByLabel("Time of the event").fill("2026-01-31T08:00");
  await form.getByLabel("Corrects").fill("OBS-0006");
  await form.getByLabel("Who may read it").selectOption({ label: "Public" });
  await form.getByRole("button", { name: "Record observation" }).click();
  await expect(form).toHaveURL(/OBS-\d+$/);
  for (const shown of [lastIn(editor), answer]) {
    await expect(shown).toContainText("No longer grounded: OBS-0006 was corrected");
  }
  await expect(answer).not.toContainText("Grounded: each sentence is cited");
  await expectSameDocument(writer);

  const sql = postgres(site.variables.DATABASE_OWNER_URL ?? "", { max: 1, onnotice: () => {} });
  await sql.begin(async (tx) => {
    await tx`alter table observations disable trigger user`;
    await tx`update observations set statement = 'The timetable lists 83 crossings a day.'
      where number = 1 and statement like 'The timetable lists 38 crossings%'`;
    await tx`alter table observations enable trigger user`;
  });
  await sql.end();
  await Promise.all([editor.reload(), writer.reload()]);
  for (const shown of [lastIn(editor), answer]) {
    await expect(shown).toContainText("No longer grounded: OBS-0001, OBS-0006 were corrected");
  }
});
