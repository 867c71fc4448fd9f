import { expect, type Page } from "@playwright/test";
import { demoInvitationId } from "@/db/seed/publication-rows.ts";
import { articlePath, type Role } from "./steps.ts";

/** A URL, or the page that contains a link to it. */
export type Way = string | { readonly on: string; readonly href: RegExp };

const margin = "/publications/the-margin";

/** Every page of the site, by its folder in `app`, with the role that visits it. */
export const pages: Readonly<Record<Role | "nobody", Readonly<Record<string, Way>>>> = {
  nobody: {
    "": "/",
    "articles/[slug]": articlePath,
    "tags/[slug]": "/tags/postgres",
    "people/[handle]": "/people/maren",
    gists: "/gists",
    publications: "/publications",
    "publications/[slug]": margin,
    "publications/[slug]/evidence": `${margin}/evidence`,
    "publications/[slug]/evidence/[ref]": `${margin}/evidence/OBS-0001`,
    "publications/[slug]/evidence/figures": `${margin}/evidence/figures`,
    "sign-in": "/sign-in",
    "sign-up": "/sign-up",
    "not-found": "/no",
  },
  reader: {
    "": "/",
    notifications: "/notifications",
    bookmarks: "/bookmarks",
    settings: "/settings",
    "settings/sessions": "/settings/sessions",
    // With an open invitation in the list.
    publications: "/publications",
    "invitations/[id]": `/invitations/${demoInvitationId}`,
  },
  author: {
    "articles/[slug]": articlePath,
    dashboard: "/dashboard",
    write: "/write",
    "write/import": "/write/import",
    "write/[id]": { on: "/dashboard", href: /^\/write\/(?!import)./ },
    "write/[id]/preview": { on: "write/[id]", href: /\/preview$/ },
    "write/import/[id]": { on: "/write/import", href: /\/write\/import\/./ },
    gists: "/gists?show=yours",
    "gists/new": "/gists/new",
    "gists/[id]": { on: "/gists?show=yours", href: /^\/gists\/(?!new)[\w-]+$/ },
    "gists/[id]/edit": { on: "gists/[id]", href: /\/edit$/ },
    "publications/[slug]": margin,
    "publications/[slug]/(team)/submit": `${margin}/submit`,
  },
  admin: {
    admin: "/admin",
    "admin/channels": "/admin/channels",
    "admin/access": "/admin/access",
    "admin/signals": "/admin/signals",
    "admin/signals/trace": { on: "/admin/signals", href: /^\/admin\/signals\/trace/ },
    "admin/people": "/admin/people",
    "admin/activity": "/admin/activity",
    "admin/announcements": "/admin/announcements",
    "admin/keys": "/admin/keys",
    "admin/audit": "/admin/audit",
    "publications/new": "/publications/new",
    "publications/[slug]/(team)/work": `${margin}/work?show=all`,
    "publications/[slug]/(team)/work/[id]": {
      on: `${margin}/work?show=all`,
      href: /\/work\/[\w-]+$/,
    },
    "publications/[slug]/(team)/evidence/add": `${margin}/evidence/add`,
    "publications/[slug]/(team)/desk": `${margin}/desk`,
    "publications/[slug]/(team)/ask": `${margin}/ask`,
    "publications/[slug]/(team)/members": `${margin}/members`,
    "publications/[slug]/(team)/roles": `${margin}/roles`,
    "publications/[slug]/(team)/invitations": `${margin}/invitations`,
    "publications/[slug]/(team)/settings": `${margin}/settings`,
  },
};

/** Makes an import, whose page can then be found. */
async function importFile(page: Page): Promise<void> {
  await page.goto("/write/import");
  const file = { name: "notes.md", mimeType: "text/markdown", buffer: Buffer.from("Notes") };
  await page.getByLabel("Markdown files").setInputFiles(file);
  await page.getByRole("button", { name: "Import drafts" }).click();
  await expect(page.getByText("Finished: 1 draft")).toBeVisible({ timeout: 30_000 });
}

/** Follows a link to its URL. */
export async function findPage(page: Page, way: Way, role: Role): Promise<string> {
  if (typeof way === "string") return way;
  const { on, href } = way;
  if (on === "/write/import") await importFile(page);
  await page.goto(on.startsWith("/") ? on : await findPage(page, pages[role][on] ?? on, role));
  const found = () =>
    page
      .locator("main a[href]")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
  await expect.poll(found).toContainEqual(expect.stringMatching(href));
  return (await found()).find((each) => href.test(each)) ?? "";
}
