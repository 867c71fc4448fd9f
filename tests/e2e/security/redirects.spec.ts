import { type APIResponse, expect } from "@playwright/test";
import { demoAccounts, demoPassword } from "@/db/seed/demo-accounts.ts";
import { test } from "../../support/browser/e2e.ts";

const elsewhere = [
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "https://evil.example",
  "https:evil.example",
  "http://127.0.0.1.evil.example/",
  "javascript:alert(1)",
  "data:text/html,hello",
  "/%09/evil.example",
  "\t//evil.example",
];

test("signing in leads to this site for any callback URL", async ({ browser }) => {
  for (const next of ["//evil.example", "https://evil.example", "/\\evil.example"]) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const account = demoAccounts.find(({ role }) => role === "reader");
    await page.goto(`/sign-in?${new URLSearchParams({ next })}`);
    const { origin } = new URL(page.url());
    await page.getByLabel("E-mail").fill(account?.email ?? "");
    await page.getByLabel("Password", { exact: true }).fill(demoPassword);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("link", { name: /^Notifications/ })).toBeVisible();
    expect(new URL(page.url()).origin).toBe(origin);
    await context.close();
  }
});

test("next-auth's routes redirect to no other site, when signing in and out", async ({
  request,
  baseURL,
}) => {
  const site = new URL(baseURL ?? "").origin;
  const account = demoAccounts.find(({ role }) => role === "reader");
  for (const callbackUrl of elsewhere) {
    const query = new URLSearchParams({ callbackUrl });
    expectHere(await request.get(`/api/auth/signin?${query}`, { maxRedirects: 0 }), site);
    expectHere(await request.get(`/api/auth/signout?${query}`, { maxRedirects: 0 }), site);
    const { csrfToken } = await (await request.get("/api/auth/csrf")).json();
    const form = {
      csrfToken,
      callbackUrl,
      email: account?.email ?? "",
      password: demoPassword,
    };
    const post = { form, maxRedirects: 0 };
    expectHere(await request.post("/api/auth/callback/credentials", post), site);
    expectHere(await request.post("/api/auth/signout", post), site);
  }
});

/** No redirect, or one to a page of the site, and no link to elsewhere in the response. */
function expectHere(response: APIResponse, site: string): void {
  const { location } = response.headers();
  if (location === undefined) return;
  const target = new URL(location, site);
  expect([site, site.replace("127.0.0.1", "localhost")]).toContain(target.origin);
}
