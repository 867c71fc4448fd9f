import { expect } from "@playwright/test";
import { type MailServer, startMailServer } from "../../support/servers/mail-server.ts";
import { test as base } from "../steps/own-site.ts";
import { openLive, signIn } from "../steps/steps.ts";
import { foundPublication } from "./publication-steps.ts";

const test = base.extend<
  object,
  { readonly mail: MailServer; readonly extra: Readonly<Record<string, string>> }
>({
  mail: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's names
    async ({}, use) => {
      const server = await startMailServer();
      await use(server);
      await server.close();
    },
    { scope: "worker" },
  ],
  extra: [
    async ({ mail }, use) =>
      use({ SMTP_URL: mail.url, MAIL_FROM: "Inkwell <inkwell@inkwell.example>" }),
    { scope: "worker" },
  ],
});

test("an invitation is sent by e-mail after its commit, again when the server refuses it; the inviter sees that it was sent, and the link in it opens the invitation", async ({
  browser,
  mail,
}) => {
  test.slow();
  const context = await browser.newContext({ storageState: await signIn(browser, "admin") });
  const owner = await context.newPage();
  const home = await foundPublication(owner, `Post ${Date.now()}`);
  await openLive(owner, `${home}/invitations`);
  const email = `noor-${Date.now()}@example.org`;
  mail.refuse(1);
  await owner.getByLabel("E-mail").fill(email);
  await owner.getByLabel("Role").selectOption({ label: "Writer" });
  await owner.getByRole("button", { name: "Create invitation" }).click();
  await expect(owner.getByText(`The invitation is sent to ${email} by e-mail.`)).toBeVisible();
  const row = owner.getByRole("listitem").filter({ hasText: email });
  await expect(row).toContainText("E-mail sent", { timeout: 60_000 });
  const shown = await owner.getByTestId("invitation-link").textContent();
  expect(mail.received.map(({ to }) => to)).toEqual([[email]]);
  const link = /https?:\/\/\S+/.exec(mail.received[0]?.source ?? "")?.[0];
  expect(link).toBe(shown);

  const guest = await (await browser.newContext()).newPage();
  await guest.goto(link ?? "");
  await expect(guest.getByText(`The invitation is for ${email}.`)).toBeVisible();
  await context.close();
});
