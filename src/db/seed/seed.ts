import { hash } from "@node-rs/argon2";
import { count, inArray, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import { connectAsOwner } from "../connect-as-owner.ts";
import * as schema from "../schema.ts";
import { asOwner } from "./as-owner.ts";
import { readContent } from "./content.ts";
import { demoAccounts, demoPassword } from "./demo-accounts.ts";
import { buildRows, type SeedRows, seedUserId } from "./rows.ts";

export interface SeedOptions {
  /** All dates are relative to it. Default: this moment. */
  readonly now?: Date;
  /** Password of the demo accounts. Default: the one that is shown, {@link demoPassword}. */
  readonly password?: string;
}

export interface SeedSummary {
  /** False when the seed was there already; then nothing was written. */
  readonly seeded: boolean;
  /** Rows written by this call, by table. */
  readonly rows: Readonly<Partial<Record<keyof AllRows, number>>>;
}

/** The database has people of its own: demo accounts with a known password have no place there. */
export class SeedRefusedError extends Error {
  override readonly name = "SeedRefusedError";
}

/** Two processes that start at once seed one after the other. */
const seedLock = 7_305_117;

/**
 * Fills a migrated, empty database with people, articles, gists and a conversation about them, in one
 * transaction. A database that was seeded before is left as it is, whatever has changed in it since.
 *
 * @param ownerUrl Logs in as the owner of the tables; need not be a superuser.
 * @throws {SeedRefusedError} when there are users and none of them is the seed's.
 */
export async function seed(ownerUrl: string, options: SeedOptions = {}): Promise<SeedSummary> {
  const { now = new Date(), password = demoPassword } = options;
  const client = connectAsOwner(ownerUrl);
  try {
    const rows = buildRows(await readContent(), now);
    return await drizzle(client).transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${seedLock})`);
      return asOwner(tx, async () => {
        if (await isSeeded(tx, rows)) return { seeded: false, rows: {} };
        // Hashing is the slowest part by far; a database that is seeded already does not wait for it.
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
type AllRows = SeedRows & { readonly credentials: (typeof schema.credentials.$inferInsert)[] };

async function isSeeded(tx: Transaction, rows: SeedRows): Promise<boolean> {
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
      passwordHash: await hash(password),
    })),
  );
}

/** One statement per table. Answers and what they answer go in together: keys are checked at its end. */
async function insertAll(tx: Transaction, rows: AllRows): Promise<void> {
  await tx.insert(schema.users).values(rows.users);
  await tx.insert(schema.credentials).values(rows.credentials);
  await tx.insert(schema.tags).values(rows.tags);
  await tx.insert(schema.articles).values(rows.articles);
  await tx.insert(schema.articleTags).values(rows.articleTags);
  await tx.insert(schema.gists).values(rows.gists);
  await tx.insert(schema.gistFiles).values(rows.gistFiles);
  await tx.insert(schema.comments).values(rows.comments);
  await tx.insert(schema.reactions).values(rows.reactions);
  await tx.insert(schema.bookmarks).values(rows.bookmarks);
  await tx.insert(schema.articleViews).values(rows.articleViews);
  await tx.insert(schema.notifications).values(rows.notifications);
}

function counts(rows: AllRows): SeedSummary["rows"] {
  return Object.fromEntries(Object.entries(rows).map(([table, { length }]) => [table, length]));
}
