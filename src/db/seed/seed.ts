import { hash } from "@node-rs/argon2";
import { count, inArray, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import type { EvidenceKeys } from "../../lib/evidence/signing.ts";
import { connectAsOwner } from "../connection/connect-as-owner.ts";
import { observationRow } from "../rows/observation-row.ts";
import * as schema from "../schema.ts";
import { asOwner } from "./as-owner.ts";
import { readContent } from "./content.ts";
import { demoAccounts, demoPassword } from "./demo-accounts.ts";
import { type EvidenceRows, evidenceRows } from "./evidence-rows.ts";
import { buildRows, type SeedRows, seedUserId } from "./rows.ts";

export interface SeedOptions {
  /** Reference for all dates. Default: now. */
  readonly now?: Date;
  /** Password of the demo accounts. Default: {@link demoPassword}. */
  readonly password?: string;
  /** Signs the evidence log of the publication. Default: the log stays empty. */
  readonly evidenceKeys?: EvidenceKeys;
}

export interface SeedSummary {
  /** False when the database was seeded before; nothing was written then. */
  readonly seeded: boolean;
  /** Number of written rows by table. */
  readonly rows: Readonly<Partial<Record<keyof AllRows, number>>>;
}

/** The database has real accounts. Demo accounts with a public password must not be added. */
export class SeedRefusedError extends Error {
  override readonly name = "SeedRefusedError";
}

/** Serializes processes that seed at the same time. */
const seedLock = 7_305_117;

/**
 * Fills a migrated, empty database with people, articles, gists and discussions, in one transaction. A
 * database that was seeded before is left unchanged.
 *
 * @param ownerUrl URL of the owner of the tables, who need not be a superuser.
 * @throws {SeedRefusedError} when there are users and none of them is from the seed.
 */
export async function seed(ownerUrl: string, options: SeedOptions = {}): Promise<SeedSummary> {
  const { now = new Date(), password = demoPassword, evidenceKeys } = options;
  const client = connectAsOwner(ownerUrl);
  try {
    const noEvidence: EvidenceRows = { observations: [], evidenceFeeds: [] };
    const rows = {
      ...buildRows(await readContent(), now),
      ...(evidenceKeys ? evidenceRows(evidenceKeys, seedUserId, now) : noEvidence),
    };
    return await drizzle(client).transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${seedLock})`);
      return asOwner(tx, async () => {
        if (await isSeeded(tx, rows)) return { seeded: false, rows: {} };
        // Hashing takes most of the time, so it is skipped for a database that is seeded already.
        const credentials = await credentialRows(password);
        await insertAll(tx, { ...rows, credentials });
        return { seeded: true, rows: counts({ ...rows, credentials }) };
      });
    });
  } finally {
    await client.end();
  }
}

type Transaction = Parameters<typeof asOwner>[0];
type ContentRows = SeedRows & EvidenceRows;
type AllRows = ContentRows & { readonly credentials: (typeof schema.credentials.$inferInsert)[] };

async function isSeeded(tx: Transaction, rows: ContentRows): Promise<boolean> {
  const ours = inArray(
    schema.users.id,
    rows.users.map(({ id }) => id),
  );
  const [found] = await tx
    .select({ all: count(), ours: count(sql`case when ${ours} then 1 end`) })
    .from(schema.users);
  if (found === undefined || found.all === 0) return false;
  if (found.ours > 0) return true;
  throw new SeedRefusedError(
    `This database has ${found.all} users, and none of them comes from the seed. Seed an empty one.`,
  );
}

function credentialRows(password: string): Promise<AllRows["credentials"]> {
  return Promise.all(
    demoAccounts.map(async ({ handle, email }) => ({
      userId: seedUserId(handle),
      email,
      emailProvedAt: new Date(),
      passwordHash: await hash(password),
    })),
  );
}

/**
 * Inserts with one statement per table. Foreign keys are checked at the end of a statement, so comments and
 * their replies can be in the same one.
 */
async function insertAll(tx: Transaction, rows: AllRows): Promise<void> {
  await tx.insert(schema.users).values(rows.users);
  await tx.insert(schema.credentials).values(rows.credentials);
  await tx.insert(schema.tags).values(rows.tags);
  await withoutTriggers(tx, "publications", () =>
    tx.insert(schema.publications).values(rows.publications),
  );
  await tx.insert(schema.publicationRoles).values(rows.publicationRoles);
  await tx.insert(schema.publicationMembers).values(rows.publicationMembers);
  await tx.insert(schema.publicationMemberRoles).values(rows.publicationMemberRoles);
  await tx.insert(schema.articles).values(rows.articles);
  await tx.insert(schema.articleTags).values(rows.articleTags);
  await withoutTriggers(tx, "submissions", () =>
    tx.insert(schema.submissions).values(rows.submissions),
  );
  await tx.insert(schema.submissionEvents).values(rows.submissionEvents);
  await tx.insert(schema.publicationInvitations).values(rows.publicationInvitations);
  await tx.insert(schema.submissionTasks).values(rows.submissionTasks);
  await insertEvidence(tx, rows);
  await tx.insert(schema.gists).values(rows.gists);
  await tx.insert(schema.gistFiles).values(rows.gistFiles);
  await tx.insert(schema.comments).values(rows.comments);
  await tx.insert(schema.reactions).values(rows.reactions);
  await tx.insert(schema.bookmarks).values(rows.bookmarks);
  await tx.insert(schema.articleViews).values(rows.articleViews);
  await tx.insert(schema.notifications).values(rows.notifications);
}

async function insertEvidence(tx: Transaction, rows: EvidenceRows): Promise<void> {
  if (rows.observations.length === 0) return;
  // A trigger refuses ingest times in the past.
  await withoutTriggers(tx, "observations", () =>
    tx.insert(schema.observations).values(rows.observations.map(observationRow)),
  );
  await tx.insert(schema.evidenceFeeds).values(rows.evidenceFeeds);
}

/**
 * Writes rows of a table whose triggers would write the rows that belong to them, with other ids and times than
 * those of the seed.
 */
async function withoutTriggers(
  tx: Transaction,
  table: "publications" | "submissions" | "observations",
  write: () => Promise<unknown>,
): Promise<void> {
  const name = sql.identifier(table);
  await tx.execute(sql`alter table ${name} disable trigger user`);
  await write();
  await tx.execute(sql`alter table ${name} enable trigger user`);
}

function counts(rows: AllRows): SeedSummary["rows"] {
  return Object.fromEntries(Object.entries(rows).map(([table, { length }]) => [table, length]));
}
