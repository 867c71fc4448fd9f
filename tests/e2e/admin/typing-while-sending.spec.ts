import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, type Page } from "@playwright/test";
import { test } from "../steps/own-site.ts";
import { onAction, openAs } from "../steps/steps.ts";

test.use({ transport: "pusher", siteName: "typing" });

/** The broker's reserve app, which the site does not know yet. */
const [, reserve] = (
  JSON.parse(readFileSync("soketi.json", "utf8")) as {
    "appManager.array.apps": { id: string; key: string; secret: string }[];
  }
)["appManager.array.apps"];

interface Form {
  readonly path: string;
  /** What is sent, by label. */
  readonly sent: Readonly<Record<string, string>>;
  readonly role?: string;
  readonly button: string;
  /** The field that is changed while the form is being sent. */
  readonly label: string;
  /** What the page shows when the form was sent. */
  readonly isSent: (page: Page) => Promise<void>;
}

const shows = (text: string | RegExp) => (page: Page) =>
  expect(page.getByText(text).first()).toBeVisible();

const forms: readonly Form[] = [
  {
    path: "/admin/announcements",
    sent: { Text: "The first text.", "Shown for (minutes)": "5" },
    button: "Announce maintenance",
    label: "Text",
    isSent: shows("Open pages show the announcement now."),
  },
  {
    path: "/admin/channels",
    sent: { Channel: `tag.${randomUUID()}`, Reason: "The first reason." },
    button: "Ban from channel",
    label: "Reason",
    isSent: shows("The first reason."),
  },
  {
    path: "/admin/keys",
    sent: { "App ID": reserve?.id ?? "", Key: reserve?.key ?? "", Secret: reserve?.secret ?? "" },
    button: "Add app",
    label: "Key",
    isSent: shows("App added."),
  },
  {
    path: "/publications/the-margin/invitations",
    sent: { "E-mail": "first@inkwell.example" },
    role: "Writer",
    button: "Create invitation",
    label: "E-mail",
    isSent: shows("Send this link to first@inkwell.example."),
  },
];

for (const { path, sent, role, button, label, isSent } of forms) {
  test(`what is typed on ${path} while its form is being sent is kept`, async ({ browser }) => {
    const page = await openAs(browser, "admin");
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let held = 0;
    await page.goto(path);
    const field = (name: string) => page.getByRole("main").getByLabel(name, { exact: true });
    for (const [name, text] of Object.entries(sent)) await field(name).fill(text);
    if (role !== undefined) await field("Role").selectOption({ label: role });
    await onAction(page, async (route) => {
      held += 1;
      await released;
      await route.continue();
    });
    await page.getByRole("button", { name: button }).click();
    await expect.poll(() => held).toBe(1);
    const typed = "second@inkwell.example";
    await field(label).fill(typed);
    release();
    await isSent(page);
    await expect(field(label)).toHaveValue(typed);
  });
}
