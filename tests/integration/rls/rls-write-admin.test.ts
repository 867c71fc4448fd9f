import { eq, sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type Database } from "@/db/database.ts";
import {
  announcements,
  auditLog,
  brokerApps,
  channelBans,
  channelSettings,
  importFiles,
  imports,
  phaseSettings,
  sessions,
  userBans,
} from "@/db/schema.ts";
import type { Transaction } from "@/db/viewer.ts";
import { createTestDatabase, type TestDatabase } from "../../support/database/database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";
import { createAttempt, denied } from "./rls-attempt.ts";

const { anonymous, rea, ann, kay } = viewers;

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await insertRows(testDatabase.ownerUrl);
  database = createDatabase(testDatabase.appUrl, { maxConnections: 2 });
});

afterAll(async () => {
  await database?.close();
  await testDatabase?.close();
});

const attempt = createAttempt(() => database);

test("only admins can ban, never themselves, and a ban ends every session of the person", async () => {
  const ban = (user: string, by: string) => (tx: Transaction) =>
    tx.insert(userBans).values({ userId: idOf(user), createdBy: idOf(by) });
  for (const viewer of [anonymous, rea, ann]) {
    expect(await attempt(viewer, ban("rea", "ann"))).toBe(denied);
  }
  expect(await attempt(kay, ban("kay", "kay"))).toBe(denied);
  expect(await attempt(kay, ban("rea", "ann"))).toBe(denied);
  let revoked: readonly { readonly at: Date | null }[] = [];
  const banAndLook = async (tx: Transaction) => {
    const done = await ban("rea", "kay")(tx);
    revoked = await tx
      .select({ at: sessions.revokedAt })
      .from(sessions)
      .where(eq(sessions.userId, idOf("rea")));
    return done;
  };
  expect(await attempt(kay, banAndLook)).toBe(1);
  expect(revoked).toEqual([{ at: expect.any(Date) }]);
  expect(await attempt(rea, (tx) => tx.delete(userBans))).toBe(0);
  expect(await attempt(kay, (tx) => tx.delete(userBans))).toBe(1);
});

test("only admins can change live settings, in their own name", async () => {
  const setPhase = (by: string) => (tx: Transaction) =>
    tx.insert(phaseSettings).values({ phase: 3, stage: "on", changedBy: idOf(by) });
  const setKind = (by: string) => (tx: Transaction) =>
    tx
      .insert(channelSettings)
      .values({ kind: "user", stage: "percent", percent: 5, changedBy: idOf(by) });
  const banChannel = (by: string) => (tx: Transaction) =>
    tx.insert(channelBans).values({ channel: "tag.x", createdBy: idOf(by) });
  const addApp = (tx: Transaction) =>
    tx.insert(brokerApps).values({ id: "b", key: "b", secret: "b", status: "accepted" });
  for (const write of [setPhase, setKind, banChannel]) {
    expect(await attempt(kay, write("kay"))).toBe(1);
    expect(await attempt(kay, write("ann"))).toBe(denied);
    expect(await attempt(ann, write("ann"))).toBe(denied);
  }
  expect(await attempt(kay, addApp)).toBe(1);
  expect(await attempt(ann, addApp)).toBe(denied);
  const readSecret = (tx: Transaction) => tx.execute(sql`select secret from broker_apps`);
  expect(await attempt(kay, readSecret)).toBe(denied);
  const wrong = (tx: Transaction) =>
    tx.insert(phaseSettings).values({ phase: 4, stage: "percent", changedBy: idOf("kay") });
  expect(await attempt(kay, wrong)).toBe("23514");
});

test("the audit log is written in the actor's own name and cannot be changed", async () => {
  const note = (actorId: string | null) => (tx: Transaction) =>
    tx.insert(auditLog).values({ actorId, action: "phase.changed", subject: "3" });
  expect(await attempt(kay, note(idOf("kay")))).toBe(1);
  expect(await attempt(kay, note(idOf("ann")))).toBe(denied);
  expect(await attempt(ann, note(idOf("ann")))).toBe(denied);
  expect(await attempt("worker", note(null))).toBe(1);
  const backdated = (tx: Transaction) =>
    tx.insert(auditLog).values({
      at: new Date(0),
      actorId: idOf("kay"),
      action: "phase.changed",
      subject: "3",
    });
  expect(await attempt(kay, backdated)).toBe(denied);
  expect(await attempt(kay, (tx) => tx.update(auditLog).set({ subject: "4" }))).toBe(denied);
  expect(await attempt(kay, (tx) => tx.delete(auditLog))).toBe(denied);
  const owner = postgres(testDatabase.ownerUrl, { max: 1 });
  await expect(owner`truncate audit_log`).rejects.toMatchObject({ code: denied });
  await expect(owner`delete from audit_log`).rejects.toMatchObject({ code: denied });
  await owner.end();
});

test("only admins write announcements, in their own name, and an announcement that was withdrawn stays so", async () => {
  const announce = (by: string) => (tx: Transaction) =>
    tx.insert(announcements).values({
      text: "Restart",
      createdBy: idOf(by),
      endsAt: new Date(Date.now() + 60_000),
    });
  expect(await attempt(kay, announce("kay"))).toBe(1);
  expect(await attempt(kay, announce("ann"))).toBe(denied);
  for (const viewer of [anonymous, rea, ann]) {
    expect(await attempt(viewer, announce("ann"))).toBe(denied);
  }
  const setWithdrawn = (withdrawnAt: Date | null) => (tx: Transaction) =>
    tx
      .update(announcements)
      .set({ withdrawnAt })
      .where(eq(announcements.id, idOf("announcement")));
  expect(await attempt(ann, setWithdrawn(new Date()))).toBe(0);
  expect(await attempt(kay, setWithdrawn(new Date()))).toBe(1);
  expect(await attempt(kay, setWithdrawn(null))).toBe(denied);
});

test("an import and its files are written by their owner only, who is an author, and a result is no file of others", async () => {
  const begin = (owner: string) => (tx: Transaction) =>
    tx.insert(imports).values({ ownerId: idOf(owner) });
  expect(await attempt(ann, begin("ann"))).toBe(1);
  expect(await attempt(kay, begin("ann"))).toBe(denied);
  expect(await attempt(rea, begin("rea"))).toBe(denied);
  const add = (tx: Transaction) =>
    tx
      .insert(importFiles)
      .values({ importId: idOf("import"), position: 1, name: "more.md", body: "Text" });
  expect(await attempt(ann, add)).toBe(1);
  expect(await attempt(kay, add)).toBe(denied);
  const finish = (tx: Transaction) => tx.update(importFiles).set({ doneAt: new Date(), note: "x" });
  expect(await attempt(ann, finish)).toBe(1);
  expect(await attempt(kay, finish)).toBe(0);
});
