import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { changePassword } from "@/auth/password/change-password.ts";
import { checkPassword } from "@/auth/password/check-password.ts";
import { revokeOtherSessions } from "@/auth/session/revoke-other-sessions.ts";
import { revokeSession } from "@/auth/session/revoke-session.ts";
import { startSession } from "@/auth/session/start-session.ts";
import { createAttempts } from "@/auth/sign-in/attempts.ts";
import { signUp } from "@/auth/sign-in/sign-up.ts";
import { getPerson } from "@/features/people/get-person.ts";
import { updateProfileInput } from "@/features/people/schema.ts";
import { updateProfile } from "@/features/people/update-profile.ts";
import { listSessions } from "@/features/sessions/list-sessions.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";

const password = "a sentence does well";
let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
});
afterAll(() => site.close());
beforeEach(() => site.newSignals());

let ended: string[] = [];
const context = () => ({
  database: site.database,
  attempts: createAttempts(site.database),
  onSessionEnded: (userId: string) => ended.push(userId),
});
const source = (userAgent: string) => ({ address: "203.0.113.7", userAgent });

async function newMember() {
  ended = [];
  const handle = `m-${randomUUID().slice(0, 8)}`;
  const email = `${handle}@example.org`;
  const { userId } = await signUp(context(), { handle, name: "M", email, password }, source(""));
  const { sessionId } = await startSession(context(), userId, source("curl"));
  return { handle, email, userId, sessionId, role: "reader" as const };
}
type Person = Awaited<ReturnType<typeof newMember>>;
const mySessions = async (member: Person) =>
  (await site.contexts.read(member)(listSessions)).map(({ id }) => id);
const told = (member: Person, name: string, sessionId: string) => ({
  channel: `user.${member.userId}`,
  name,
  ids: { sessionId },
});

test("signing in and signing out publish a signal to the person's devices", async () => {
  const member = await newMember();
  await site.newSignals();
  const { sessionId } = await startSession(context(), member.userId, source("other"));
  expect(await site.newSignals()).toEqual([told(member, "session.started", sessionId)]);
  await revokeSession(context(), member, sessionId);
  expect(await site.newSignals()).toContainEqual(told(member, "session.revoked", sessionId));
  expect(ended).toEqual([member.userId]);
  expect(await mySessions(member)).toEqual([member.sessionId]);
});

test("signing out everywhere else ends all other sessions of the person, and no one else's", async () => {
  const [member, other] = [await newMember(), await newMember()];
  await startSession(context(), member.userId, source("second"));
  await startSession(context(), member.userId, source("third"));
  expect(await mySessions(member)).toHaveLength(3);
  await revokeOtherSessions(context(), member);
  expect(await mySessions(member)).toEqual([member.sessionId]);
  expect(await mySessions(other)).toEqual([other.sessionId]);
  await expect(revokeOtherSessions(context(), null)).rejects.toMatchObject({
    code: "unauthenticated",
  });
});

test("signing out elsewhere publishes only its own changes, with the origin of its mutation", async () => {
  const [member, other] = [await newMember(), await newMember()];
  const start = async () =>
    (await startSession(context(), member.userId, source("other"))).sessionId;
  const [first] = [await start(), await start(), await start()];
  await revokeSession(context(), member, first, "one");
  await revokeOtherSessions(context(), member, "all-others");
  await revokeOtherSessions(context(), other);
  await start();
  const origins = async (name: string) => {
    const rows = await site.owner<{ origin: string | null }[]>`
      select origin from querycast.signals
      where channel = ${`user.${member.userId}`} and name = ${name} order by position`;
    return rows.map(({ origin }) => origin);
  };
  // The second statement ended two sessions, which are in one signal.
  expect(await origins("session.revoked")).toEqual(["one", "all-others"]);
  expect(new Set(await origins("session.started"))).toEqual(new Set([null]));
});

test("an admin's session list and signing out elsewhere cover only their own sessions", async () => {
  const [member, admin] = [await newMember(), { ...(await newMember()), role: "admin" as const }];
  await site.owner`update users set role = 'admin' where id = ${admin.userId}`;
  expect((await site.contexts.read(admin)(listSessions)).map(({ id }) => id)).toEqual([
    admin.sessionId,
  ]);
  await revokeOtherSessions(context(), admin);
  // That is an act of the console, which the audit log records.
  await expect(revokeSession(context(), admin, member.sessionId)).rejects.toMatchObject({
    code: "not_found",
  });
  expect(await mySessions(member)).toEqual([member.sessionId]);
});

test("a password change needs the current password and ends the sessions of other devices", async () => {
  const member = await newMember();
  await startSession(context(), member.userId, source("thief"));
  const change = (current: string, next: string) =>
    changePassword(context(), member, { current, next }, source("curl"));
  await expect(change("wrong", "another sentence")).rejects.toMatchObject({
    code: "invalid_input",
    fieldErrors: { current: ["The current password is wrong."] },
  });
  await expect(change(password, "short")).rejects.toThrow("at least 10 characters");
  expect(await mySessions(member)).toHaveLength(2);
  await change(password, "another sentence");
  expect(await mySessions(member)).toEqual([member.sessionId]);
  const { email } = member;
  await expect(checkPassword(context(), { email, password }, source("curl"))).rejects.toMatchObject(
    { code: "unauthenticated" },
  );
  const known = await checkPassword(context(), { email, password: "another sentence" }, source(""));
  expect(known.userId).toBe(member.userId);
});

test("guesses of the current password are limited", async () => {
  const member = await newMember();
  const guess = () =>
    changePassword(context(), member, { current: "x", next: "another sentence" }, source(""));
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await expect(guess()).rejects.toMatchObject({ code: "invalid_input" });
  }
  await expect(guess()).rejects.toMatchObject({ code: "too_many_requests" });
});

test("a profile is changed by its person, with a signal to its viewers", async () => {
  const member = await newMember();
  await site.newSignals();
  const input = updateProfileInput.parse({ name: " New name ", bio: "About" });
  await site.contexts.write(member)((ctx) => updateProfile(ctx, input));
  expect(await site.newSignals()).toEqual([
    { channel: `profile.${member.userId}`, name: "profile.updated", ids: null },
  ]);
  expect(await site.contexts.read(member)((ctx) => getPerson(ctx, member))).toMatchObject({
    name: "New name",
    bio: "About",
  });
  expect(updateProfileInput.safeParse({ name: " ", bio: "" }).success).toBe(false);
  expect(updateProfileInput.safeParse({ name: "x", bio: "x".repeat(401) }).success).toBe(false);
});
