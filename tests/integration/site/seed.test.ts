import { verify } from "@node-rs/argon2";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demoAccounts, demoPassword } from "../../../src/db/seed/demo-accounts.ts";
import { SeedRefusedError, type SeedSummary, seed } from "../../../src/db/seed/seed.ts";
import { createTestDatabase, type TestDatabase } from "../../support/database/database.ts";

async function openDatabase(): Promise<TestDatabase & { readonly sql: Sql }> {
  const database = await createTestDatabase();
  const sql = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
  return {
    ...database,
    sql,
    close: async () => {
      await sql.end();
      await database.close();
    },
  };
}

/** Every row of every table in a fixed order, to compare states. */
async function snapshot(sql: Sql): Promise<Record<string, unknown>> {
  const tables = await sql<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public' order by 1`;
  const contents: Record<string, unknown> = {};
  for (const { name } of tables) {
    contents[name] = await sql`select to_jsonb(t) as row from ${sql(name)} as t order by t::text`;
  }
  return contents;
}

describe("a seeded database", () => {
  let database: Awaited<ReturnType<typeof openDatabase>>;
  let first: SeedSummary;
  beforeAll(async () => {
    database = await openDatabase();
    first = await seed(database.ownerUrl);
  });
  afterAll(() => database.close());

  test("contains the people, pages and conversations of a small, active site", async () => {
    expect(first.seeded).toBe(true);
    expect(first.rows).toMatchObject({
      users: 8,
      credentials: 3,
      tags: 16,
      articles: 28,
      gists: 14,
    });
    expect(first.rows.comments).toBeGreaterThanOrEqual(70);
    expect(first.rows.reactions).toBeGreaterThanOrEqual(150);
    expect(first.rows.bookmarks).toBeGreaterThanOrEqual(30);
    expect(first.rows.articleViews).toBeGreaterThanOrEqual(1_000);
    const [kept] = await database.sql`
      select (select count(*)::int from articles where published_at is null) as drafts,
             (select count(*)::int from articles where delete_at > now()) as deleted,
             (select count(*)::int from gists where visibility = 'private') as "privateGists",
             (select count(*)::int from tags where id not in (select tag_id from article_tags)) as "unusedTags"`;
    expect(kept).toEqual({ drafts: 3, deleted: 1, privateGists: 3, unusedTags: 0 });
  });

  test("is not changed by a second seeding or by two concurrent ones", async () => {
    const before = await snapshot(database.sql);
    const again = await seed(database.ownerUrl);
    await Promise.all([seed(database.ownerUrl), seed(database.ownerUrl)]);

    expect(again).toEqual({ seeded: false, rows: {} });
    expect(await snapshot(database.sql)).toEqual(before);
  });

  test("has forced policies on every table", async () => {
    const [open] = await database.sql`
      select count(*)::int as tables from pg_class
       where relnamespace = 'public'::regnamespace and relkind = 'r'
         and not (relrowsecurity and relforcerowsecurity)`;
    expect(open).toEqual({ tables: 0 });
  });

  test("has threads of three, four and five levels, each reply on its parent's page", async () => {
    const levels = await database.sql`
      with recursive thread as (
        select id, article_id, gist_id, 1 as level, true as "samePage"
          from comments where parent_id is null
        union all
        select reply.id, reply.article_id, reply.gist_id, level + 1,
               row(reply.article_id, reply.gist_id) is not distinct from
               row(thread.article_id, thread.gist_id)
          from comments as reply join thread on reply.parent_id = thread.id)
      select level, count(*)::int as comments, bool_and("samePage") as "samePage"
        from thread group by level order by level`;
    expect(levels.map(({ level }) => level)).toEqual([1, 2, 3, 4, 5]);
    expect(levels.every(({ samePage }) => samePage)).toBe(true);
    expect(levels[2]?.comments).toBeGreaterThanOrEqual(15);
  });

  test("has no time in the future, and no reply before its parent", async () => {
    // Only what ends later may lie ahead.
    const columns = await database.sql<{ table: string; column: string }[]>`
      select table_name as table, column_name as column from information_schema.columns
      where table_schema = 'public' and data_type = 'timestamp with time zone'
        and column_name not in ('expires_at', 'delete_at')`;
    expect(columns.length).toBeGreaterThan(0);
    const ahead: string[] = [];
    for (const { table, column } of columns) {
      const { sql } = database;
      const rows = await sql`select from ${sql(table)} where ${sql(column)} > now() limit 1`;
      if (rows.length > 0) ahead.push(`${table}.${column}`);
    }
    expect(ahead).toEqual([]);
    const [wrong] = await database.sql`
      select (select count(*)::int from comments as reply join comments as parent
               on parent.id = reply.parent_id and reply.created_at <= parent.created_at) as replies,
             (select count(*)::int from comments where created_at > now()) as comments,
             (select count(*)::int from reactions where created_at > now()) as reactions,
             (select count(*)::int from articles where published_at > now()) as articles,
             (select count(*)::int from notifications where read_at < created_at) as read,
             (select count(*)::int from article_views join articles on articles.id = article_id
               where day > current_date or day < published_at::date) as views`;
    expect(wrong).toEqual({
      replies: 0,
      comments: 0,
      reactions: 0,
      articles: 0,
      read: 0,
      views: 0,
    });
  });

  test("has no comment, reaction or bookmark on a draft, a deleted article or a private gist", async () => {
    const [traces] = await database.sql`
      with hidden as (
        select id from articles where published_at is null or delete_at is not null
        union all select id from gists where visibility = 'private')
      select (select count(*)::int from comments where coalesce(article_id, gist_id) in (table hidden)) as comments,
             (select count(*)::int from reactions where coalesce(article_id, gist_id) in (table hidden)) as reactions,
             (select count(*)::int from bookmarks where coalesce(article_id, gist_id) in (table hidden)) as bookmarks`;
    expect(traces).toEqual({ comments: 0, reactions: 0, bookmarks: 0 });
  });

  test("links only to its own articles and to example.com", async () => {
    const articles = await database.sql<{ slug: string; body: string }[]>`
      select slug, body from articles`;
    const known = new Set(articles.map(({ slug }) => `/articles/${slug}`));
    const links = articles.flatMap(({ body }) =>
      [...body.matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => target),
    );
    expect(links.length).toBeGreaterThan(3);
    const strays = links.filter(
      (link) => !known.has(link) && !link.startsWith("https://example.com/"),
    );
    expect(strays).toEqual([]);
  });

  test("S3.4 every notification has the recipient, type and links of its cause", async () => {
    const expected = await database.sql`
      with pages as (
        select id, author_id as owner_id, 'article' as page from articles
        union all select id, owner_id, 'gist' from gists),
      causes as (
        select 'notif:comment:' || c.id as source_key, c.author_id as actor_id,
               coalesce(parent.author_id, pages.owner_id) as recipient_id,
               case when parent.id is null then 'comment_on_' || page else 'reply_to_comment' end as type,
               c.article_id, c.gist_id, c.id as comment_id
          from comments as c
          join pages on pages.id = coalesce(c.article_id, c.gist_id)
          left join comments as parent on parent.id = c.parent_id
        union all
        select 'notif:reaction:' || r.id, r.user_id, coalesce(c.author_id, pages.owner_id),
               'reaction_on_' || case when c.id is null then page else 'comment' end,
               coalesce(r.article_id, c.article_id), coalesce(r.gist_id, c.gist_id), c.id
          from reactions as r
          left join comments as c on c.id = r.comment_id
          join pages on pages.id = coalesce(r.article_id, r.gist_id, c.article_id, c.gist_id))
      select * from causes where actor_id <> recipient_id order by source_key`;
    const actual = await database.sql`
      select source_key, actor_id, recipient_id, type::text, article_id, gist_id, comment_id
        from notifications order by source_key`;

    expect([...actual]).toEqual([...expected]);
    expect(new Set(actual.map(({ type }) => type)).size).toBe(6);
  });

  test("S3.4 no one is notified of their own action", async () => {
    expect(await database.sql`select id from notifications where actor_id = recipient_id`).toEqual(
      [],
    );
  });

  test("gives each demo account its role, its password and an unread notification", async () => {
    for (const { handle, email, role } of demoAccounts) {
      const [account] = await database.sql`
        select role, password_hash, count(n.id) filter (where read_at is null)::int as unread,
               count(read_at)::int as read
          from users join credentials on user_id = users.id
          left join notifications as n on recipient_id = users.id
         where handle = ${handle} and email = ${email} group by role, password_hash`;
      expect(account).toMatchObject({ role });
      expect(account?.password_hash).toMatch(/^\$argon2id\$/);
      expect(await verify(account?.password_hash, demoPassword)).toBe(true);
      expect(account?.unread).toBeGreaterThan(0);
      expect(account?.read).toBeGreaterThan(0);
    }
  });
});

test("two databases seeded with the same time have the same rows, except for password salts", async () => {
  const now = new Date("2026-01-15T12:00:00Z");
  const [one, two] = await Promise.all([openDatabase(), openDatabase()]);
  try {
    await Promise.all([seed(one.ownerUrl, { now }), seed(two.ownerUrl, { now })]);
    const [a, b] = await Promise.all([snapshot(one.sql), snapshot(two.sql)]);
    expect({ ...a, credentials: null }).toEqual({ ...b, credentials: null });
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
});

test("a database with people is refused and not changed", async () => {
  const database = await openDatabase();
  try {
    await database.sql`insert into users (handle, name) values ('somebody', 'Some Body')`;
    const before = await snapshot(database.sql);
    await expect(seed(database.ownerUrl)).rejects.toThrow(SeedRefusedError);
    expect(await snapshot(database.sql)).toEqual(before);
  } finally {
    await database.close();
  }
});

test("an owner without superuser and bypass rights can seed, and policies apply to it afterwards", async () => {
  const database = await openDatabase();
  const role = `owner_${new URL(database.ownerUrl).pathname.slice(1)}`;
  const url = new URL(database.ownerUrl);
  url.username = role;
  url.password = "owner";
  try {
    await database.sql.unsafe(`create role ${role} login password 'owner'`);
    const tables = await database.sql<{ name: string }[]>`
      select tablename as name from pg_tables where schemaname = 'public'`;
    await database.sql.unsafe(`grant usage, create on schema public to ${role}`);
    for (const { name } of tables) {
      await database.sql`alter table ${database.sql(name)} owner to ${database.sql(role)}`;
    }

    expect((await seed(url.href)).seeded).toBe(true);
    expect((await seed(url.href)).seeded).toBe(false);

    const owner = postgres(url.href, { max: 1 });
    const seen = await owner`select count(*)::int as users from users`;
    await owner.end();
    expect(seen[0]).toEqual({ users: 0 });
  } finally {
    await database.sql.unsafe(`drop owned by ${role} cascade; drop role ${role}`);
    await database.close();
  }
});
