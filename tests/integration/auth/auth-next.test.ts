import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createAuth } from "@/auth/create-auth.ts";
import { sessionCookie } from "@/auth/session/session-cookie.ts";
import { createAttempts } from "@/auth/sign-in/attempts.ts";
import { toLocalPath } from "@/auth/sign-in/local-path.ts";
import { nextAuthOptions } from "@/auth/sign-in/next-auth-options.ts";
import { signInErrorMessage } from "@/auth/sign-in/sign-in-error.ts";
import { signUp } from "@/auth/sign-in/sign-up.ts";
import { createDatabase, type Database } from "@/db/database.ts";
import { credentials, rateLimits, sessions, users } from "@/db/schema.ts";
import { createTestDatabase, type TestDatabase } from "../../support/database/database.ts";
import { type AuthSite, secret, startAuthSite, type Visitor } from "./auth-site.ts";

const pim = { handle: "pim", name: "Pim", email: "pim@example.org", password: "paper and ink" };
const source = { address: "192.0.2.1", userAgent: "a test" };

let testDatabase: TestDatabase;
let ownerSql: postgres.Sql;
let owner: ReturnType<typeof drizzle>;
let database: Database;
let site: AuthSite;

const context = () => ({ database, attempts: createAttempts(database) });

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  ownerSql = postgres(testDatabase.ownerUrl, { max: 1, onnotice: () => {} });
  owner = drizzle(ownerSql);
  database = createDatabase(testDatabase.appUrl, { maxConnections: 2 });
  site = await startAuthSite(context());
});

afterAll(async () => {
  await site?.close();
  await database?.close();
  await ownerSql?.end();
  await testDatabase?.close();
});

beforeEach(async () => {
  vi.stubEnv("NEXTAUTH_URL", site.url);
  await owner.delete(users);
  await owner.delete(rateLimits);
  await signUp(context(), pim, source);
});

async function csrf(visitor: Visitor): Promise<string> {
  const { csrfToken } = (await (await visitor.get("/api/auth/csrf")).json()) as {
    csrfToken: string;
  };
  return csrfToken;
}

async function signIn(visitor: Visitor, form: Record<string, string> = {}): Promise<Response> {
  const fields = { email: pim.email, password: pim.password, csrfToken: await csrf(visitor) };
  return visitor.post("/api/auth/callback/credentials", { ...fields, ...form });
}

const { name: cookieName } = sessionCookie("http://site");
function viewerOf(visitor: Visitor) {
  const auth = createAuth({ database, env: { secret, url: site.url, github: null } });
  const value = visitor.cookies.get(cookieName)?.split(";")[0] ?? "";
  return auth.getViewerFrom(
    new Request(site.url, { headers: { cookie: `${cookieName}=${value}` } }),
  );
}

test("signing in through next-auth stores the session in a row and its token in an HttpOnly cookie", async () => {
  const visitor = site.visitor({
    "user-agent": "a browser",
    "x-forwarded-for": "6.6.6.6, 192.0.2.7",
  });
  const response = await signIn(visitor, { callbackUrl: "/articles/one" });
  expect(response.headers.get("location")).toBe(`${site.url}/articles/one`);
  const cookie = visitor.cookies.get(cookieName);
  expect(cookie).toMatch(/HttpOnly/);
  expect(cookie).toMatch(/SameSite=Lax/);
  const rows = await owner.select().from(sessions);
  expect(rows).toMatchObject([{ userAgent: "a browser", address: "192.0.2.7", revokedAt: null }]);
  expect(await viewerOf(visitor)).toMatchObject({ sessionId: rows[0]!.id, role: "reader" });
});

test("over https the cookie is secure", () => {
  expect(sessionCookie("https://inkwell.example")).toMatchObject({
    name: "__Secure-inkwell.session",
    options: { secure: true, httpOnly: true, sameSite: "lax" },
  });
});

test("a wrong password is refused with an error code of the sign-in page", async () => {
  const visitor = site.visitor();
  const response = await signIn(visitor, { password: "a wrong password" });
  const { pathname, search } = new URL(response.headers.get("location") ?? "");
  const shown = await visitor.get(`${pathname}${search}`);
  expect(shown.headers.get("location")).toBe("/sign-in?error=credentials");
  expect(signInErrorMessage("credentials")).toMatch(/do not match/);
  expect(signInErrorMessage("<script>")).toBe(signInErrorMessage("failed"));
  expect(visitor.cookies.has(cookieName)).toBe(false);
});

test("a form without the CSRF token of the site signs no one in", async () => {
  const visitor = site.visitor();
  await signIn(visitor, { csrfToken: "forged" });
  expect(visitor.cookies.has(cookieName)).toBe(false);
  expect(await owner.select().from(sessions)).toHaveLength(0);
});

test("signing out revokes the session's row, so that a copied cookie is invalid", async () => {
  const visitor = site.visitor();
  await signIn(visitor);
  const copy = site.visitor();
  for (const [name, value] of visitor.cookies) copy.cookies.set(name, value);
  expect(await viewerOf(copy)).not.toBeNull();
  await visitor.post("/api/auth/signout", { csrfToken: await csrf(visitor) });
  expect(await viewerOf(visitor)).toBeNull();
  expect(await viewerOf(copy)).toBeNull();
});

test.each([
  "https://evil.example/",
  "//evil.example",
  "/\\evil.example",
  "https://evil.example\\@127.0.0.1",
  "javascript:alert(1)",
  "http://127.0.0.1:1/",
  "not a url:",
  "/.//evil.example",
])("signing in never redirects to %s", async (callbackUrl) => {
  const response = await signIn(site.visitor(), { callbackUrl });
  const location = new URL(response.headers.get("location") ?? "", site.url);
  expect(location.origin).toBe(site.url);
  expect(toLocalPath(callbackUrl, site.url)).toMatch(/^\/(?![/\\])/);
});

test("a callback path of this site is kept, with its query", () => {
  expect(toLocalPath("/tags/css?page=2#top", site.url)).toBe("/tags/css?page=2#top");
  expect(toLocalPath(`${site.url}/bell`, site.url)).toBe("/bell");
  expect(toLocalPath(undefined, site.url)).toBe("/");
});

function signInWithGithub(user: {
  id: string;
  login: string;
  email: string | null;
  isEmailVerified?: boolean;
}) {
  const github = { id: "id", secret: "secret" };
  const { callbacks } = nextAuthOptions(context(), { secret, url: site.url, github }, source);
  const handed = { id: user.id, name: null, email: user.email, image: null };
  const account = { provider: "github", type: "oauth", providerAccountId: user.id } as const;
  const profile = { login: user.login, isEmailVerified: user.isEmailVerified } as never;
  const answer = callbacks!.signIn!({ user: handed as never, account, profile });
  return Promise.resolve(answer).then((allowed) => ({ allowed, userId: handed.id }));
}

test("GitHub's id identifies the account: created at the first visit, found at the next one", async () => {
  const first = await signInWithGithub({ id: "77", login: "Octo", email: "octo@example.org" });
  const renamed = await signInWithGithub({ id: "77", login: "Cat", email: "cat@example.org" });
  expect(first).toEqual({ allowed: true, userId: renamed.userId });
  const rows = await owner.select().from(credentials);
  expect(rows.filter((row) => row.githubId === "77")).toMatchObject([{ userId: first.userId }]);
});

test("an e-mail is proved when GitHub has verified it, and neither by sign-up nor by an unverified one", async () => {
  const [proved, other] = ["proved@example.org", "other@example.org"];
  await signInWithGithub({ id: "81", login: "proved", email: proved, isEmailVerified: true });
  await signInWithGithub({ id: "82", login: "other", email: other, isEmailVerified: false });
  const rows = await owner.select().from(credentials);
  expect(rows.map(({ email, emailProvedAt }) => [email, emailProvedAt !== null]).sort()).toEqual([
    [other, false],
    [pim.email, false],
    [proved, true],
  ]);
});

test("an e-mail address with a password cannot be taken over through GitHub", async () => {
  const { allowed } = await signInWithGithub({ id: "78", login: "eve", email: pim.email });
  expect(allowed).toBe("/sign-in?error=account-exists");
  expect(await owner.select().from(users)).toHaveLength(1);
});

test("a GitHub login whose handle is taken gets a similar handle", async () => {
  const { allowed } = await signInWithGithub({ id: "79", login: "Pim", email: "p@example.org" });
  expect(allowed).toBe(true);
  const handles = (await owner.select().from(users)).map((user) => user.handle).sort();
  expect(handles).toEqual(["pim", expect.stringMatching(/^pim-[0-9a-f]{6}$/)]);
});

test("two concurrent callbacks from GitHub create one account", async () => {
  const octo = { id: "80", login: "octo", email: "octo@example.org" };
  const [one, two] = await Promise.all([signInWithGithub(octo), signInWithGithub(octo)]);
  expect(one).toEqual(two);
  expect(await owner.select().from(users)).toHaveLength(2);
});
