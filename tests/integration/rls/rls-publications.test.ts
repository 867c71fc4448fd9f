import { type SQL, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type Database } from "@/db/database.ts";
import type { Transaction, Viewer } from "@/db/viewer.ts";
import { createTestDatabase, type TestDatabase } from "../../support/database/database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";

/** Writes and secrets of publications by raw SQL. Ben owns, ann writes, rea moderates, kay is invited. */

const { anonymous, rea, ann, ben, kay } = viewers;
const denied = "42501";
const paper = idOf("paper");

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

class Undo extends Error {}

/** Rows that a statement changes or returns, which is then rolled back; or the SQLSTATE of its error. */
async function attempt(viewer: Viewer, statement: SQL): Promise<number | string> {
  let count = -1;
  const run = async (tx: Transaction) => {
    const result = await tx.execute(statement);
    count = Math.max(result.count, result.length);
    throw new Undo();
  };
  try {
    await database.writeAs(viewer, run);
  } catch (error) {
    if (!(error instanceof Undo)) {
      return String((error as { cause?: { code?: string } }).cause?.code);
    }
  }
  return count;
}
const all = async (statement: SQL, ...who: readonly Viewer[]) =>
  Promise.all(who.map((viewer) => attempt(viewer, statement)));

test("no member, not even an owner, adds a member, an event, a task or an owner by SQL", async () => {
  const statements = [
    sql`insert into publication_members (publication_id, user_id) values (${paper}, ${kay.userId})`,
    sql`insert into submission_events (submission_id, to_state) values (${idOf("submission")}, 'approved')`,
    sql`insert into submission_tasks (publication_id, submission_id, kind)
      values (${paper}, ${idOf("submission")}, 'publish')`,
    sql`update submission_tasks set status = 'done', closed_at = now()`,
    sql`insert into publication_roles (publication_id, name, is_owner) values (${paper}, 'Boss', true)`,
    sql`update publication_roles set is_owner = true`,
    sql`insert into publications (slug, name, founder_id) values ('other', 'Other', ${idOf("ann")})`,
  ];
  for (const statement of statements) {
    expect(await all(statement, anonymous, rea, ben, kay)).toEqual([
      denied,
      denied,
      denied,
      denied,
    ]);
  }
});

test("members without the permission change no publication, role, member or invitation", async () => {
  const statements = [
    sql`update publications set name = 'x'`,
    sql`update publication_roles set permissions = '{members.manage}'`,
    sql`delete from publication_roles`,
    sql`delete from publication_member_roles`,
    sql`delete from publication_members where user_id <> ${idOf("rea")} and user_id <> ${idOf("ann")}`,
    sql`update publication_invitations set status = 'revoked'`,
  ];
  for (const statement of statements) {
    expect(await all(statement, anonymous, rea, ann, kay)).toEqual([0, 0, 0, 0]);
  }
  expect(await attempt(ben, sql`update publications set name = 'x'`)).toBe(1);
  expect(
    await attempt(ben, sql`delete from publication_members where user_id = ${idOf("rea")}`),
  ).toBe(1);
  expect(await attempt(ben, sql`delete from publication_roles`)).toBe(2); // without the role of owners
  expect(await attempt(rea, sql`delete from publication_members`)).toBe(1); // leaves
});

test("an author submits own articles only, as a draft, and writes no state of an editor", async () => {
  const propose = (article: string, state = "draft") => sql`
    insert into submissions (publication_id, article_id, author_id, state)
    values (${paper}, ${idOf(article)}, ${idOf("ann")}, ${state})`;
  expect(await attempt(ann, propose("article"))).toBe(1);
  expect(await attempt(ann, propose("article of ben"))).toBe(denied);
  expect(await attempt(ann, propose("article", "approved"))).toBe(denied);
  expect(await attempt(kay, propose("article"))).toBe(denied);
  for (const state of ["in_review", "changes_requested", "approved", "scheduled", "published"]) {
    const write = sql`update submissions set state = ${state}`;
    expect(await attempt(ann, write)).toMatch(/^(42501|23514)$/);
    expect(await attempt(rea, write)).toBe(0);
    expect(await attempt(anonymous, write)).toBe(0);
  }
});

test("the text of a submission is read by its readers only, and the articles' own policies are unchanged", async () => {
  const text = sql`select body from app.submitted_articles`;
  expect(await all(text, anonymous, kay, rea, ann, ben)).toEqual([0, 0, 1, 1, 1]);
  const draft = sql`select from articles where id = ${idOf("draft")}`;
  expect(await all(draft, anonymous, rea, ben)).toEqual([0, 0, 0]);
});

test("an invitation is found by the viewer's own e-mail, which a function returns; no viewer reads another e-mail, a token or whose account it is", async () => {
  const own = await database.readAs(rea, (tx) =>
    tx.execute(sql`select app.viewer_email() as email`),
  );
  expect([...own]).toEqual([{ email: "rea@example.org" }]);
  const none = await database.readAs(anonymous, (tx) =>
    tx.execute(sql`select app.viewer_email() as email`),
  );
  expect([...none]).toEqual([{ email: null }]);
  expect(await all(sql`select email from credentials`, rea, ben)).toEqual([denied, denied]);
  for (const column of ["token_hash", "invitee_id"]) {
    const secret = sql`select ${sql.identifier(column)} from publication_invitations`;
    expect(await all(secret, kay, ben)).toEqual([denied, denied]);
  }
  const invitations = sql`select id from publication_invitations`;
  expect(await all(invitations, anonymous, rea, ann, ben, kay)).toEqual([0, 0, 0, 1, 1]);
});
