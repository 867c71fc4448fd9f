import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { z } from "zod";
import { checkPassword } from "@/auth/password/check-password.ts";
import { findSession } from "@/auth/session/find-session.ts";
import { startSession } from "@/auth/session/start-session.ts";
import { createAttempts } from "@/auth/sign-in/attempts.ts";
import { signUp } from "@/auth/sign-in/sign-up.ts";
import { findPerson } from "@/db/rows/find-person.ts";
import { nameIds } from "@/db/rows/name-ids.ts";
import { noteAudit } from "@/db/rows/note-audit.ts";
import { listSubscribers } from "@/features/admin/access/list-subscribers.ts";
import { subscribersInput } from "@/features/admin/access/schema.ts";
import { exportAudit } from "@/features/admin/audit/export-audit.ts";
import { listAudit } from "@/features/admin/audit/list-audit.ts";
import { auditFilter } from "@/features/admin/audit/schema.ts";
import { banChannelInput } from "@/features/admin/channels/schema.ts";
import { banUser } from "@/features/admin/people/ban-user.ts";
import { endSessions } from "@/features/admin/people/end-sessions.ts";
import { liftBan } from "@/features/admin/people/lift-ban.ts";
import { listPeople } from "@/features/admin/people/list-people.ts";
import { listPeopleInput } from "@/features/admin/people/schema.ts";
import { signalFilter, traceInput } from "@/features/admin/signals/schema.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { createExplainAccess } from "@/wiring/realtime/access/explain-access.ts";
import { createJoinRecord } from "@/wiring/realtime/access/join-record.ts";
import { createSiteRollout } from "@/wiring/realtime/access/rollout.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";

const { rea, ann, ben, kay } = viewers;
let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  await site.owner`alter table audit_log disable trigger audit_log_append_only`;
  await site.owner`delete from audit_log`;
  await site.owner`alter table audit_log enable trigger audit_log_append_only`;
});
afterAll(() => site.close());
beforeEach(() => site.newSignals());

const audit = async (filter: object = {}) =>
  (await site.contexts.read(kay)((ctx) => listAudit(ctx, auditFilter.parse(filter)))).rows;

test("only admins see people, the audit log and channel access", async () => {
  const isForbidden = (act: Promise<unknown>) =>
    expect(act).rejects.toMatchObject({ code: "forbidden" });
  for (const viewer of [rea, ann, viewers.anonymous]) {
    const asViewer = site.contexts.read(viewer);
    await isForbidden(asViewer((ctx) => listAudit(ctx, {})));
    await isForbidden(asViewer((ctx) => listPeople(ctx, {})));
    await isForbidden(asViewer((ctx) => listSubscribers(ctx, { channel: "tag.x" })));
  }
  const ban = { userId: rea.userId, reason: "x" };
  await isForbidden(site.contexts.write(ann)((ctx) => banUser(ctx, ban)));
});

test("S3.9 a ban ends the person's sessions and subscriptions, appears in the audit log and can be lifted", async () => {
  const context = { database: site.database, attempts: createAttempts(site.database) };
  const [email, password] = ["m@example.org", "a sentence does well"];
  const source = { address: "203.0.113.9", userAgent: "" };
  const { userId } = await signUp(context, { handle: "mm", name: "M", email, password }, source);
  const { sessionId } = await startSession(context, userId, source);
  await site.newSignals();

  const ban = { userId, reason: "Spam" };
  await site.contexts.write(kay)((ctx) => banUser(ctx, ban));
  await site.contexts.write(kay)((ctx) => banUser(ctx, ban)); // a repeated ban has no further effect
  expect(await findSession(context, { sessionId, userId })).toBeNull();
  expect(await site.newSignals()).toContainEqual(
    expect.objectContaining({ channel: `user.${userId}`, name: "querycast.moved" }),
  );
  await expect(checkPassword(context, { email, password }, source)).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(startSession(context, userId, source)).rejects.toMatchObject({ code: "forbidden" });
  const banned = await site.contexts.read(kay)((ctx) => listPeople(ctx, { only: "banned" }));
  expect(banned.people).toContainEqual(
    expect.objectContaining({
      id: userId,
      sessions: 0,
      ban: expect.objectContaining({ reason: "Spam" }),
    }),
  );
  expect(await audit({ action: "user.banned" })).toEqual([
    expect.objectContaining({
      actor: { id: kay.userId, name: "kay" },
      subject: `user ${userId}`,
      detail: { reason: "Spam" },
    }),
  ]);

  await site.contexts.write(kay)((ctx) => liftBan(ctx, { userId }));
  expect(await checkPassword(context, { email, password }, source)).toEqual({
    userId,
    passwordHash: expect.any(String),
  });
  expect(await audit({ action: "user.unbanned" })).toHaveLength(1);
});

test("an admin can sign a person out everywhere, but cannot ban or sign out themselves, nor ban an account that is gone", async () => {
  const before = await site.contexts.read(kay)((ctx) => listPeople(ctx, { search: "ann" }));
  expect(before.people.map(({ handle, sessions }) => [handle, sessions])).toEqual([["ann", 1]]);
  expect(await site.contexts.write(kay)((ctx) => endSessions(ctx, ann))).toBe(1);
  expect(await site.contexts.write(kay)((ctx) => endSessions(ctx, ann))).toBe(0);
  const signedIn = await site.contexts.read(kay)((ctx) => listPeople(ctx, { only: "signed-in" }));
  expect(signedIn.people.map(({ handle }) => handle)).not.toContain("ann");
  const banKay = (ctx: WriteContext) => banUser(ctx, { userId: kay.userId, reason: "x" });
  const signKayOut = (ctx: WriteContext) => endSessions(ctx, kay);
  const banGone = (ctx: WriteContext) => banUser(ctx, { userId: randomUUID(), reason: "x" });
  await expect(site.contexts.write(kay)(banGone)).rejects.toMatchObject({ code: "not_found" });
  for (const act of [banKay, signKayOut]) {
    await expect(site.contexts.write(kay)<unknown>(act)).rejects.toMatchObject({
      code: "forbidden",
    });
  }
});

test("a search term is text, not a pattern", async () => {
  const found = await site.contexts.read(kay)((ctx) => listPeople(ctx, { search: "%" }));
  expect(found.people).toEqual([]);
});

test("the audit log can be filtered by action, target, actor and time, and is paginated", async () => {
  await site.contexts.write(kay)(({ tx }) =>
    noteAudit(
      tx,
      ...Array.from({ length: 55 }, (_, index) => ({
        actorId: kay.userId,
        action: "phase.changed",
        subject: `phase ${index}`,
      })),
    ),
  );
  const first = await site.contexts.read(kay)((ctx) => listAudit(ctx, { action: "phase." }));
  expect(first.rows).toHaveLength(50);
  const second = await site.contexts.read(kay)((ctx) =>
    listAudit(ctx, { action: "phase.", after: first.next ?? 0 }),
  );
  expect(second.rows).toHaveLength(5);
  expect(second.next).toBeNull();
  expect(await audit({ subject: "phase 54" })).toHaveLength(1);
  expect(await audit({ subject: "phase_54" })).toHaveLength(0);
  expect(await audit({ actor: "ann" })).toEqual([]);
  const today = new Date().toISOString().slice(0, 10);
  expect(await audit({ from: today, to: today, action: "phase." })).toHaveLength(50);
  expect(await audit({ to: "2020-01-01" })).toEqual([]);
});

test("the audit log can be exported as JSON and as CSV without formulas in cells", async () => {
  await site.contexts.write(kay)(({ tx }) =>
    noteAudit(tx, { actorId: kay.userId, action: "channel.banned", subject: '=HYPERLINK("x")' }),
  );
  const filter = { action: "channel.banned" };
  const csv = await site.contexts.read(kay)((ctx) => exportAudit(ctx, filter, "csv"));
  expect(csv).toMatch(/^\uFEFFid,at,actor,action,subject,detail,continues_before\n/);
  expect(csv).toContain(`"'=HYPERLINK(""x"")"`);
  const json = await site.contexts.read(kay)((ctx) => exportAudit(ctx, filter, "json"));
  expect(JSON.parse(json)).toEqual({
    continuesBefore: null,
    entries: [
      expect.objectContaining({
        subject: '=HYPERLINK("x")',
        actor: { id: kay.userId, name: "kay" },
      }),
    ],
  });
  await expect(
    site.contexts.read(ann)((ctx) => exportAudit(ctx, filter, "csv")),
  ).rejects.toMatchObject({ code: "forbidden" });
});

test("an export of the audit log that was cut names the entry before which the next file begins", async () => {
  const action = "channel.lifted";
  await site.contexts.write(kay)(({ tx }) =>
    noteAudit(
      tx,
      ...[1, 2, 3].map((number) => ({ actorId: kay.userId, action, subject: `part ${number}` })),
    ),
  );
  const exported = (format: "csv" | "json", before?: number) =>
    site.contexts.read(kay)((ctx) =>
      exportAudit(ctx, auditFilter.parse({ action, before }), format, 2),
    );
  const first = JSON.parse(await exported("json"));
  const subjects = ({ entries }: { entries: { subject: string }[] }) =>
    entries.map(({ subject }) => subject);
  expect(subjects(first)).toEqual(["part 3", "part 2"]);
  expect(first.continuesBefore).toBe(first.entries[1].id);
  const lines = (await exported("csv")).trim().split("\n").slice(1);
  expect(lines.map((line) => line.split(",").at(-1))).toEqual(
    [1, 2].map(() => String(first.continuesBefore)),
  );
  const second = JSON.parse(await exported("json", first.continuesBefore));
  expect(subjects(second)).toEqual(["part 1"]);
  expect(second.continuesBefore).toBeNull();
});

test("allowed, denied and invalid joins are recorded after the response, and a flood of refusals once a minute", async () => {
  let nowMs = 1_000_000;
  const errors: unknown[] = [];
  const { database } = site;
  const record = createJoinRecord({
    database,
    onError: (error) => errors.push(error),
    now: () => nowMs,
  });
  const viewer = { id: ben.userId, role: ben.role };
  const decision = {
    viewer,
    type: "join",
    results: [
      { channel: "tag.t", status: "joined" },
      { channel: "user.somebody-else", status: "denied" },
      { channel: "x\0y", status: "invalid" },
    ],
  } as const;
  for (let again = 0; again < 100; again += 1) record.note(decision);
  await record.flush();
  record.note(decision);
  await record.flush();
  expect(await audit({ action: "join.denied" })).toHaveLength(2);
  nowMs += 61_000;
  record.note(decision);
  await record.flush();
  expect(await audit({ action: "join.denied", subject: "user.somebody" })).toHaveLength(2);
  expect(errors).toEqual([]);
  const subscribers = await site.contexts.read(kay)((ctx) =>
    listSubscribers(ctx, { channel: "tag.t" }),
  );
  expect(subscribers.map(({ handle }) => handle)).toEqual(["ben"]);
});

test("a failed write of the access record does not fail the route", async () => {
  const errors: unknown[] = [];
  const database = { ...site.database, asWorker: () => Promise.reject(new Error("away")) };
  const record = createJoinRecord({ database, onError: (error) => errors.push(error) });
  record.note({
    viewer: { id: ben.userId, role: ben.role },
    type: "join",
    results: [{ channel: "tag.t", status: "joined" }],
  });
  await record.flush();
  expect(errors).toEqual([new Error("away")]);
});

test("one statement resolves ids to handles and titles that the admin may read", async () => {
  const kept = ["draft", "private gist", "submission"].map(idOf);
  const asked = ["rea", "article", "gist", "comment", "tag", "paper"].map(idOf).concat(kept);
  const names = await site.contexts.read(kay)(({ tx }) => nameIds(tx, asked));
  expect(names[idOf("rea")]).toEqual({ type: "person", label: "@rea", href: "/people/rea" });
  expect(names[idOf("article")]).toEqual({
    type: "article",
    label: "article",
    href: "/articles/article",
  });
  expect(names[idOf("gist")]).toMatchObject({ type: "gist", href: `/gists/${idOf("gist")}` });
  expect(names[idOf("comment")]).toMatchObject({
    type: "comment",
    href: `/articles/article#comment-${idOf("comment")}`,
  });
  expect(names[idOf("tag")]).toMatchObject({ type: "tag" });
  expect(names[idOf("paper")]).toEqual({
    type: "publication",
    label: "Paper",
    href: "/publications/paper",
  });
  // An admin may not read drafts, private gists and submissions of other people.
  expect(kept.filter((id) => names[id] !== undefined)).toEqual([]);
  const own = await site.contexts.read(ann)(({ tx }) => nameIds(tx, kept));
  expect(own[idOf("draft")]).toMatchObject({ label: "draft" });
  expect(own[idOf("submission")]).toMatchObject({
    type: "submission",
    label: "draft",
    href: `/publications/paper/work/${idOf("submission")}`,
  });

  await site.contexts.write(kay)(({ tx }) =>
    noteAudit(tx, { actorId: kay.userId, action: "user.unbanned", subject: `user ${rea.userId}` }),
  );
  const page = await site.contexts.read(kay)((ctx) => listAudit(ctx, { action: "user.unbanned" }));
  expect(page.names).toMatchObject({
    [rea.userId]: { label: "@rea" },
    [kay.userId]: { label: "@kay" },
  });
});

test("an error about a missing person, channel or position names it", async () => {
  const asKay = site.contexts.read(kay);
  await expect(asKay(({ tx }) => findPerson(tx, "@nobody"))).rejects.toMatchObject({
    code: "not_found",
    message: "No person has the handle @nobody. Find the handle under People.",
    fieldErrors: { person: [expect.stringContaining("@nobody")] },
  });
  expect(await asKay(({ tx }) => findPerson(tx, " @REA "))).toBe(rea.userId);
  await expect(asKay((ctx) => listAudit(ctx, { actor: "nobody" }))).rejects.toMatchObject({
    message: expect.stringContaining("@nobody"),
  });
  const messageOf = (schema: z.ZodType, input: unknown) =>
    schema.safeParse(input).error?.issues[0]?.message;
  const unknown = /^Unknown channel "news". Use one of user\.<userId>, resource\./;
  expect(messageOf(subscribersInput, { channel: "news" })).toMatch(unknown);
  expect(messageOf(signalFilter, { channel: "news" })).toMatch(unknown);
  expect(messageOf(banChannelInput, { channel: "news", person: null })).toMatch(unknown);
  expect(messageOf(signalFilter, { channel: "news*" })).toBeUndefined();
  expect(messageOf(signalFilter, { minutes: "soon" })).toMatch(/whole number from 1 to 4,320/);
  expect(messageOf(traceInput, { place: "somewhere" })).toMatch(/^No signal is at this place/);
  expect(messageOf(traceInput, {})).toMatch(/^The URL names no signal/);
  expect(messageOf(listPeopleInput, { only: "admins" })).toMatch(/^Unknown filter/);
  for (const input of [{ channel: ["a", "b"] }, { name: ["a", "b"] }]) {
    expect(messageOf(signalFilter, input)).toMatch(/^Enter one /);
  }
});

test("the access check gives the route's decision and its reasons", async () => {
  const explain = createExplainAccess({
    database: site.database,
    rollout: createSiteRollout(site.database, { start: {} }),
    onError: (error) => {
      throw error;
    },
  });
  const ask = (userId: string, channel: string) => explain(kay, { userId, channel });
  const article = `resource.article.${idOf("article")}`;
  const draft = `resource.article.${idOf("draft")}`;
  await site.owner`update sessions set revoked_at = null where user_id = ${ann.userId}`;

  expect(await ask(rea.userId, article)).toMatchObject({ decision: "allowed" });
  const hidden = await ask(rea.userId, draft);
  expect(hidden.decision).toBe("denied");
  expect(hidden.policies).toContainEqual(
    expect.objectContaining({ table: "articles", name: "articles_read" }),
  );
  expect((await ask(ann.userId, draft)).decision).toBe("allowed");
  expect((await ask(rea.userId, `user.${ann.userId}`)).decision).toBe("denied");
  expect((await ask(rea.userId, "resource.article.x")).decision).toBe("denied");
  // Ben is banned from all channels, but may still read the article.
  await site.owner`update sessions set revoked_at = null where user_id = ${ben.userId}`;
  const banned = await ask(ben.userId, article);
  expect(banned.decision).toBe("off");
  const answersOf = ({ steps }: typeof banned) => steps.map(({ answer }) => answer);
  expect(answersOf(banned)).toEqual(["yes", "yes", "yes", "yes", "no"]);
  // Bans are not read for what the rule refuses.
  expect(answersOf(hidden)).toEqual(["yes", "yes", "yes", "no"]);
  await expect(ask(idOf("nobody"), article)).rejects.toMatchObject({ code: "not_found" });
});
