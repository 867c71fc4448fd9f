import { readFileSync } from "node:fs";
import { expect, type Page } from "@playwright/test";
import postgres from "postgres";
import { test } from "../../support/browser/e2e.ts";
import {
  articlePath,
  comment,
  expectArrived,
  expectSameDocument,
  expectState,
  expectWritten,
  markDocument,
  openAs,
  openLive,
  watchStates,
} from "../steps/steps.ts";

interface App {
  readonly id: string;
  readonly key: string;
  readonly secret: string;
}
/** The app in use, and the broker's reserve app. */
const [old, young] = (
  JSON.parse(readFileSync("soketi.json", "utf8")) as { "appManager.array.apps": [App, App] }
)["appManager.array.apps"];

/** Keys of the apps that a page has connected to, in order. */
function watchKeys(page: Page): readonly string[] {
  const keys: string[] = [];
  page.on("websocket", (socket) => {
    const key = /\/app\/([^?]+)/.exec(socket.url())?.[1];
    if (key !== undefined) keys.push(key);
  });
  return keys;
}

test("B1 B3 during a key rotation in the console an open page stays connected, moves to the new key when the old one is retired, and is never reloaded", {
  tag: "@broker",
}, async ({ browser, ownerUrl }) => {
  test.slow(); // an app must be known for three seconds before it can become current
  const admin = await openAs(browser, "admin");
  const reader = await openAs(browser, "reader");
  const keys = watchKeys(reader);
  const writer = await openAs(browser, "author");
  const appRow = ({ id }: App) =>
    admin.getByRole("row").filter({ has: admin.getByText(id, { exact: true }) });
  const say = async (words: string) => {
    await openLive(writer, articlePath);
    const body = `${words} ${Date.now()}`;
    await expectWritten(await comment(writer, body));
    await expectArrived(reader, body);
  };
  try {
    await openLive(reader, articlePath);
    await markDocument(reader);
    const states = await watchStates(reader);
    const expectOnlyLive = async () =>
      expect(["catching-up", "live"]).toEqual(expect.arrayContaining([...(await states())]));
    const before = [...keys];
    expect(new Set(before)).toEqual(new Set([old.key]));
    await openLive(admin, "/admin/keys");
    await expect(appRow(old)).toContainText("current");

    await admin.getByLabel("App ID").fill(young.id);
    await admin.getByLabel("Key").fill(young.key);
    await admin.getByLabel("Secret").fill(young.secret);
    await admin.getByRole("button", { name: "Add app" }).click();
    await expect(appRow(young)).toContainText("accepted");
    await expect(admin.getByLabel("Secret")).toHaveValue("");
    await expect(admin.locator("body")).not.toContainText(young.secret);

    const dialog = admin.getByRole("alertdialog");
    const makeCurrent = async () => {
      await appRow(young).getByRole("button", { name: "Make current" }).click();
      await expect(dialog.getByText("The broker accepted a test event.")).toBeVisible();
      await dialog.getByRole("button", { name: "Make current" }).click();
      await expect(dialog).toHaveCount(0);
    };
    await expect(async () => {
      await makeCurrent();
      await expect(appRow(young)).toContainText("Pages connect with its key", { timeout: 1_000 });
    }).toPass();
    await expect(appRow(old)).toContainText("accepted");

    // A page gets the key that its server knows, which may be a second old.
    await expect
      .poll(async () => {
        const opened = watchKeys(writer);
        await openLive(writer, articlePath);
        return [...opened];
      })
      .toEqual([young.key]);
    await say("By the new key to the old one");
    // No new connection. A check for lost frames may show "catching-up" for a moment, also without a rotation.
    expect(keys).toEqual(before);
    await expectOnlyLive();

    await appRow(old).getByRole("button", { name: "Retire" }).click();
    await admin.getByRole("alertdialog").getByRole("button", { name: "Retire" }).click();
    await expect(appRow(old)).toContainText("Not used");
    await expect.poll(() => keys).toEqual([...before, young.key]);
    await expectState(reader, "live");
    await say("By the new key alone");
    expect(keys).toEqual([...before, young.key]);
    await expectOnlyLive();
    await expectSameDocument(reader);
  } finally {
    const sql = postgres(ownerUrl, { max: 1 });
    await sql`delete from broker_apps`; // the environment's app applies again
    await sql.end();
  }
});

test("an app with a wrong secret is refused in the dialog with the reason, and does not become current", async ({
  browser,
  ownerUrl,
}) => {
  const admin = await openAs(browser, "admin");
  await openLive(admin, "/admin/keys");
  try {
    await admin.getByLabel("App ID").fill(young.id);
    await admin.getByLabel("Key").fill(young.key);
    await admin.getByLabel("Secret").fill("not the secret of this app");
    await admin.getByRole("button", { name: "Add app" }).click();
    const row = admin.getByRole("row").filter({ has: admin.getByText(young.id, { exact: true }) });
    const trigger = row.getByRole("button", { name: "Make current" });
    await trigger.focus();
    await admin.keyboard.press("Enter");
    const dialog = admin.getByRole("alertdialog", { name: `Make app ${young.id} current?` });
    await expect(dialog.getByRole("alert")).toContainText("refused the key or the secret");
    await expect(dialog.getByRole("button", { name: "Make current" })).toBeDisabled();
    await dialog.getByRole("button", { name: "Check again" }).click();
    await expect(dialog.getByRole("alert")).toContainText("refused the key or the secret");
    await admin.keyboard.press("Escape");
    await expect(trigger).toBeFocused();
    await expect(row).toContainText("accepted");
  } finally {
    const sql = postgres(ownerUrl, { max: 1 });
    await sql`delete from broker_apps`;
    await sql.end();
  }
});
