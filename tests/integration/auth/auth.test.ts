import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import { encode } from "next-auth/jwt";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Auth, createAuth } from "@/auth/create-auth.ts";
import { checkPassword } from "@/auth/password/check-password.ts";
import { revokeSession } from "@/auth/session/revoke-session.ts";
import { encodeSessionToken } from "@/auth/session/session-token.ts";
import { startSession } from "@/auth/session/start-session.ts";
import { signUp } from "@/auth/sign-in/sign-up.ts";
import { createDatabase, type Database } from "@/db/database.ts";
import { credentials, rateLimits, sessions, userBans, users } from "@/db/schema.ts";
import { createTestDatabase, type TestDatabase } from "../../support/database/database.ts";
import { contextFor, limits, pim, requestWith, requestWithToken, signIn } from "./auth-rig.ts";
import { cookieName, secret, source, url } from "./auth-site.ts";

let testDatabase: TestDatabase;
let ownerSql: postgres.Sql;
let owner: ReturnType<typeof drizzle>;
let database: Database;
let auth: Auth;

const context = () => contextFor(database);

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  ownerSql = postgres(testDatabase.ownerUrl, { max: 1, onnotice: () => {} });
  owner = drizzle(ownerSql);
  database = createDatabase(testDatabase.appUrl, { maxConnections: 2 });
  auth = createAuth({ database, env: { secret, url, github: null } });
});

afterAll(async () => {
  await database?.close();
  await ownerSql?.end();
  await testDatabase?.close();
});

beforeEach(async () => {
  await owner.delete(users);
  await owner.delete(rateLimits);
});

const signedIn = (input = pim) => signIn(database, input);

describe("signing up", () => {
  test("creates a reader who can sign in, and stores no plain password", async () => {
    const { userId } = await signUp(context(), { ...pim, email: " Pim@Example.org " }, source);
    expect(await checkPassword(context(), pim, source)).toEqual({
      userId,
      passwordHash: expect.any(String),
    });
    const [user] = await owner.select().from(users);
    expect(user).toMatchObject({ handle: "pim", role: "reader" });
    const [credential] = await owner.select().from(credentials);
    expect(credential?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test("reports each invalid field with its error", async () => {
    const input = { handle: "No spaces", name: " ", email: "nobody", password: "short" };
    const error = await signUp(context(), input, source).catch((thrown: unknown) => thrown);
    const fields = (error as { issues: { path: string[] }[] }).issues.map(({ path }) => path[0]);
    expect(fields.sort()).toEqual(["email", "handle", "name", "password"]);
  });

  test("ignores a role or an id in the form", async () => {
    const forged = { ...pim, role: "admin", id: "00000000-0000-4000-8000-000000000000" };
    const { userId } = await signUp(context(), forged, source);
    const [user] = await owner.select().from(users);
    expect(user).toMatchObject({ id: userId, role: "reader" });
    expect(userId).not.toBe(forged.id);
  });

  test("reports a taken handle or e-mail address and stores nothing", async () => {
    await signUp(context(), pim, source);
    await expect(
      signUp(context(), { ...pim, email: "other@example.org" }, source),
    ).rejects.toMatchObject({ code: "conflict", fieldErrors: { handle: [expect.any(String)] } });
    await expect(signUp(context(), { ...pim, handle: "other" }, source)).rejects.toMatchObject({
      code: "conflict",
      fieldErrors: { email: [expect.any(String)] },
    });
    expect(await owner.select().from(users)).toHaveLength(1);
  });

  test("is limited per address", async () => {
    const attempt = (n: number) =>
      signUp(context(), { ...pim, handle: `pim-${n}`, email: `${n}@example.org` }, source);
    for (let n = 0; n < limits.signUpPerAddress.points; n += 1) await attempt(n);
    await expect(attempt(9)).rejects.toMatchObject({ code: "too_many_requests" });
  });

  test("limits repeated checks whether an e-mail address has an account", async () => {
    await signUp(context(), pim, source);
    const ask = (n: number) => signUp(context(), { ...pim, handle: `ask-${n}` }, source);
    await expect(ask(1)).rejects.toMatchObject({ code: "conflict" });
    await expect(ask(2)).rejects.toMatchObject({ code: "too_many_requests" });
  });
});

describe("signing in", () => {
  const wrong = { email: pim.email, password: "a wrong password" };

  test("answers a wrong password and an unknown e-mail address alike", async () => {
    await signUp(context(), pim, source);
    const refusal = (input: object) =>
      checkPassword(context(), input, source).catch((error: unknown) => error);
    const known = await refusal(wrong);
    expect(await refusal({ ...wrong, email: "nobody@example.org" })).toEqual(known);
    expect(known).toMatchObject({ code: "unauthenticated" });
  });

  test("is limited per address and e-mail address, across processes", async () => {
    await signUp(context(), pim, source);
    for (let n = 0; n < limits.signInPerAccount.points; n += 1) {
      await expect(checkPassword(context(), wrong, source)).rejects.toMatchObject({
        code: "unauthenticated",
      });
    }
    await expect(checkPassword(context(), pim, source)).rejects.toMatchObject({
      code: "too_many_requests",
      message: "Too many attempts. Wait 10 minutes and try again.",
    });
  });

  test("is not blocked for the owner by failures from other addresses", async () => {
    await signUp(context(), pim, source);
    const guess = (address: string) =>
      checkPassword(context(), wrong, { ...source, address }).catch(() => {});
    for (let n = 0; n < 4 * limits.signInPerAccount.points; n += 1)
      await guess(`203.0.113.${n % 4}`);
    await expect(checkPassword(context(), pim, source)).resolves.toBeTruthy();
    const guessing = { ...source, address: "203.0.113.1" };
    // The owner's success does not reset the limit of the attacker's address.
    await expect(checkPassword(context(), pim, guessing)).rejects.toMatchObject({
      code: "too_many_requests",
    });
  });

  test("counts the addresses of one IPv6 network together", async () => {
    await signUp(context(), pim, source);
    const from = (n: number) => ({ ...source, address: `2001:db8:1:2::${n}` });
    for (let n = 0; n < limits.signInPerAccount.points; n += 1) {
      await checkPassword(context(), wrong, from(n)).catch(() => {});
    }
    await expect(checkPassword(context(), pim, from(99))).rejects.toMatchObject({
      code: "too_many_requests",
    });
  });

  test("is limited per address, for all e-mail addresses together", async () => {
    const attempt = (n: number) =>
      checkPassword(context(), { ...wrong, email: `${n}@example.org` }, source);
    for (let n = 0; n < limits.signInPerAddress.points; n += 1) {
      await expect(attempt(n)).rejects.toMatchObject({ code: "unauthenticated" });
    }
    await expect(attempt(99)).rejects.toMatchObject({ code: "too_many_requests" });
  });

  test("resets the failures before a success", async () => {
    await signUp(context(), pim, source);
    for (let n = 1; n < limits.signInPerAccount.points; n += 1) {
      await checkPassword(context(), wrong, source).catch(() => {});
    }
    await expect(checkPassword(context(), pim, source)).resolves.toBeTruthy();
    await expect(checkPassword(context(), pim, source)).resolves.toBeTruthy();
  });

  test("stores attempts without readable addresses and e-mail addresses", async () => {
    await checkPassword(context(), wrong, source).catch(() => {});
    const keys = (await owner.select().from(rateLimits)).map((row) => row.key);
    expect(keys).toHaveLength(2);
    expect(keys.join()).not.toMatch(/pim|192/);
  });
});

describe("sessions", () => {
  test("a token with a session row belongs to its user, with the user's current role", async () => {
    const { userId, sessionId, request } = await signedIn();
    const viewer = { userId, sessionId, role: "reader", isNew: true };
    expect(await auth.getViewerFrom(request)).toEqual(viewer);
    await owner.update(users).set({ createdAt: new Date(Date.now() - 25 * 3_600_000) });
    expect(await auth.getViewerFrom(request)).toEqual({ ...viewer, isNew: false });
    await owner.update(users).set({ role: "author" });
    expect(await auth.getViewerFrom(request)).toMatchObject({ role: "author" });
  });

  test("requests are counted by the session of a valid token, not by a forged one", async () => {
    const { userId, sessionId, request } = await signedIn();
    expect(await auth.claim(request)).toEqual({ userId, sessionId });
    expect(await auth.claim(requestWithToken("made.up"))).toBeNull();
    const foreign = await encodeSessionToken({ userId, sessionId }, `${secret}, of another site`);
    expect(await auth.claim(requestWithToken(foreign))).toBeNull();
    await revokeSession(context(), { userId, role: "reader" }, sessionId);
    expect(await auth.claim(request)).toEqual({ userId, sessionId });
    expect(await auth.getViewerFrom(request)).toBeNull();
  });

  test("a ban is shown only to browsers with a token of the account", async () => {
    const { userId, sessionId, request } = await signedIn();
    expect(await auth.isBanned(request)).toBe(false);
    await owner.insert(userBans).values({ userId, reason: "Trying it out" });
    expect(await auth.getViewerFrom(request)).toBeNull();
    expect(await auth.isBanned(request)).toBe(true);
    expect(await auth.isBanned(new Request(url))).toBe(false);
    expect(await auth.isBanned(requestWithToken("made.up"))).toBe(false);
    const foreign = await encodeSessionToken({ userId, sessionId }, `${secret}, of another site`);
    expect(await auth.isBanned(requestWithToken(foreign))).toBe(false);
  });

  test("S3.7 a revoked session is refused at once, other sessions are not", async () => {
    const { userId, sessionId, request } = await signedIn();
    const other = await startSession(context(), userId, source);
    const otherToken = await encodeSessionToken({ userId, ...other }, secret);
    await revokeSession(context(), { userId, role: "reader" }, sessionId);
    expect(await auth.getViewerFrom(request)).toBeNull();
    expect(await auth.getViewerFrom(requestWithToken(otherToken))).not.toBeNull();
  });

  test("a user cannot revoke another user's session", async () => {
    const { sessionId, request } = await signedIn();
    const { userId } = await signedIn({ ...pim, handle: "eve", email: "eve@example.org" });
    const viewers = [
      { userId, role: "reader" },
      { userId: null, role: null },
    ] as const;
    for (const viewer of viewers) {
      await expect(revokeSession(context(), viewer, sessionId)).rejects.toMatchObject({
        code: "not_found",
      });
    }
    expect(await auth.getViewerFrom(request)).not.toBeNull();
  });

  test("an expired session is refused even with a new token", async () => {
    const { request } = await signedIn();
    await owner.update(sessions).set({ expiresAt: new Date(Date.now() - 1) });
    expect(await auth.getViewerFrom(request)).toBeNull();
  });

  test("the session of a deleted user is refused", async () => {
    const { userId, request } = await signedIn();
    await owner.delete(users).where(eq(users.id, userId));
    expect(await auth.getViewerFrom(request)).toBeNull();
  });

  test("last use of a session is stored at most once a minute", async () => {
    const { request } = await signedIn();
    const seen = async () => (await owner.select().from(sessions))[0]!.lastSeenAt.getTime();
    const first = await seen();
    await auth.getViewerFrom(request);
    expect(await seen()).toBe(first);
    const before = new Date(first - 61_000);
    await owner.update(sessions).set({ lastSeenAt: before });
    await auth.getViewerFrom(request);
    expect(await seen()).toBeGreaterThan(before.getTime());
  });

  test("S3.7 a forged user id in a cookie or header has no effect", async () => {
    const { userId, sessionId, token } = await signedIn();
    const victim = await signedIn({ ...pim, handle: "vic", email: "vic@example.org" });
    const unsigned = [{ alg: "none" }, { sid: sessionId, sub: userId }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    const encoded = (claims: object, key = secret, maxAge = 60) =>
      encode({ token: claims as never, secret: key, maxAge });
    const forgeries = [
      requestWith({ "x-user-id": userId, "x-viewer": userId, authorization: `Bearer ${token}` }),
      requestWith({ cookie: `user_id=${userId}; userId=${userId}; session=${sessionId}` }),
      requestWithToken(""),
      requestWithToken(userId),
      requestWithToken(sessionId),
      requestWithToken(`${unsigned}.`),
      requestWithToken(`${token.slice(0, -4)}AAAA`),
      requestWithToken(
        await encoded({ sid: sessionId, sub: userId }, "another secret, long enough"),
      ),
      requestWithToken(await encoded({ sid: sessionId, sub: userId }, secret, -60)),
      requestWithToken(await encoded({ sid: sessionId, sub: victim.userId })),
      requestWithToken(await encoded({ sub: userId })),
      requestWithToken(await encoded({ sid: "' or true --", sub: userId })),
    ];
    for (const request of forgeries) expect(await auth.getViewerFrom(request)).toBeNull();
    const real = requestWith({
      cookie: `user_id=${victim.userId}; ${cookieName}=${token}`,
      "x-user-id": victim.userId,
    });
    expect(await auth.getViewerFrom(real)).toMatchObject({ userId });
  });

  test("an unreachable database is an error, not a visitor without a session", async () => {
    const { request } = await signedIn();
    const gone = createDatabase("postgres://inkwell_app:inkwell_app@127.0.0.1:1/none");
    const cutOff = createAuth({ database: gone, env: { secret, url, github: null } });
    await expect(cutOff.getViewerFrom(request)).rejects.toThrow();
    await gone.close();
  });
});
