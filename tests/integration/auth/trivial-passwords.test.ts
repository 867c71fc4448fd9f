import { afterAll, beforeAll, expect, test } from "vitest";
import { changePassword } from "@/auth/password/change-password.ts";
import { checkPassword } from "@/auth/password/check-password.ts";
import { startSession } from "@/auth/session/start-session.ts";
import { createAttempts } from "@/auth/sign-in/attempts.ts";
import { signUp } from "@/auth/sign-in/sign-up.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";

const password = "a sentence does well";
const person = { handle: "qorbin-4711", name: "Mara Querz", email: "post@example.org", password };
/** The last two are trivial for this person only. */
const trivial = [
  ["password12345", "a common password"],
  ["abababababab", "repeats a few characters"],
  ["qorbin-4711-12", "your name, handle or e-mail"],
  ["querz57319", "your name, handle or e-mail"],
] as const;

let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
});
afterAll(() => site?.close());

const context = () => ({ database: site.database, attempts: createAttempts(site.database) });
/** Attempts are limited per address. */
let addresses = 0;
const source = () => {
  addresses += 1;
  return { address: `203.0.113.${addresses}`, userAgent: "curl" };
};

const refusalOf = (field: string, reason: string) => {
  const message = expect.stringContaining(reason);
  return { code: "invalid_input", message, fieldErrors: { [field]: [message] } };
};

test.each(trivial)(
  "an account with the password %s is refused: it is %s",
  async (given, reason) => {
    const input = { ...person, email: `post-${given}@example.org`, password: given };
    await expect(signUp(context(), input, source())).rejects.toMatchObject(
      refusalOf("password", reason),
    );
    expect(await site.owner`select 1 from users`).toHaveLength(0);
  },
);

test("a change to a trivial password is refused with the reason, and changes nothing", async () => {
  const { userId } = await signUp(context(), person, source());
  const { sessionId } = await startSession(context(), userId, source());
  await startSession(context(), userId, source());
  const viewer = { userId, sessionId, role: "reader" as const };
  for (const [next, reason] of trivial) {
    await expect(
      changePassword(context(), viewer, { current: password, next }, source()),
    ).rejects.toMatchObject(refusalOf("next", reason));
  }
  expect(await checkPassword(context(), person, source())).toEqual({
    userId,
    passwordHash: expect.any(String),
  });
  // The other session has not ended.
  const ended = await site.owner`select 1 from sessions where revoked_at is not null`;
  expect(ended).toHaveLength(0);
});
