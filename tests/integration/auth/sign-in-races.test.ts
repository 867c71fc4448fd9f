import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { changePassword } from "@/auth/password/change-password.ts";
import { checkPassword } from "@/auth/password/check-password.ts";
import { startSession } from "@/auth/session/start-session.ts";
import { signUp } from "@/auth/sign-in/sign-up.ts";
import { sessions } from "@/db/schema.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { contextFor, pim, signIn } from "./auth-rig.ts";
import { source } from "./auth-site.ts";

let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
});
afterAll(() => site.close());
beforeEach(async () => {
  await site.owner`delete from users`;
  await site.owner`delete from rate_limits`;
});

const context = () => contextFor(site.database);
const openSessions = async (userId: string) => {
  const rows = await site.owner`
    select id from sessions where user_id = ${userId} and revoked_at is null`;
  return rows.map(({ id }) => id);
};
/** Waits until the work has settled, or a transaction waits for a lock. */
async function settledOrWaiting(work: Promise<unknown>): Promise<void> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  void work.then(settle, settle);
  await vi.waitFor(async () => {
    const [row] = await site.owner`
      select count(*)::int as count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    expect(isSettled || row?.count === 1).toBe(true);
  });
}

test("a sign-in during a ban is refused, and leaves no session", async () => {
  const { userId } = await signUp(context(), pim, source);
  let signingIn: Promise<unknown> | undefined;
  await site.owner.begin(async (tx) => {
    await tx`insert into user_bans (user_id) values (${userId})`;
    signingIn = startSession(context(), userId, source).catch(({ code }) => code);
    await settledOrWaiting(signingIn);
  });
  expect(await signingIn).toBe("forbidden");
  expect(await openSessions(userId)).toEqual([]);
});

test("a ban during a sign-in ends its session", async () => {
  const { userId } = await signUp(context(), pim, source);
  let ban: Promise<unknown> | undefined;
  await site.database.asAuth(async (tx) => {
    const expiresAt = new Date(Date.now() + 60_000);
    await tx.insert(sessions).values({ userId, expiresAt });
    ban = site.owner`insert into user_bans (user_id) values (${userId})`.execute();
    await settledOrWaiting(ban);
  });
  await ban;
  expect(await openSessions(userId)).toEqual([]);
});

test("a sign-in whose password is changed before it ends is refused, and leaves no session", async () => {
  const { userId, sessionId } = await signIn(site.database, pim);
  const checked = await checkPassword(context(), pim, source);
  const input = { current: pim.password, next: "another sentence" };
  await changePassword(context(), { userId, sessionId, role: "reader" }, input, source);
  await expect(
    startSession(context(), checked.userId, source, checked.passwordHash),
  ).rejects.toMatchObject({ code: "unauthenticated" });
  expect(await openSessions(userId)).toEqual([sessionId]);
});
