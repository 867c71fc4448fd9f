import { expect } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { openAs } from "../steps/steps.ts";

test("a NUL in a parameter of a public route is a 400 that names it", async ({ request }) => {
  for (const path of ["/api/articles?after=%00", "/api/articles?after=a%00b"]) {
    const answer = await request.get(path);
    expect(answer.status(), path).toBe(400);
    expect(await answer.json(), path).toEqual({
      code: "invalid_input",
      message: expect.stringContaining("NUL"),
    });
  }
});

/** A parameter of each of the console's routes and pages that takes a text. */
const adminData = [
  "/api/admin/people?search=%00",
  "/api/admin/audit?subject=%00",
  "/api/admin/audit/export?format=csv&subject=%00",
  "/api/admin/access?person=%00&channel=site",
  "/api/admin/access/subscribers?channel=%00",
  "/api/admin/signals?name=%00",
  "/api/admin/signals/trace?place=%00",
  "/api/admin/signals/tail?position=%00",
];
const adminPages = [
  "/admin/people?search=%00",
  "/admin/audit?subject=%00",
  "/admin/access?person=%00&channel=site",
  "/admin/signals?name=%00",
  "/admin/signals/trace?place=%00",
];

test("a NUL in a parameter of the console is a 400 of its data, and a message on its pages", async ({
  browser,
}) => {
  const admin = await openAs(browser, "admin");
  for (const path of adminData) {
    const answer = await admin.request.get(path);
    expect([path, answer.status()]).toEqual([path, 400]);
    expect(await answer.json(), path).toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining("NUL"),
    });
  }
  for (const path of adminPages) {
    const answer = await admin.goto(path);
    expect([path, answer?.status()]).toEqual([path, 200]);
    await expect(admin.getByRole("alert").filter({ hasText: "NUL" }), path).toBeVisible();
  }
});
