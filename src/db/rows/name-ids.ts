import { sql } from "drizzle-orm";
import type { Named, Names } from "@/lib/text/names.ts";
import type { Transaction } from "../viewer.ts";

type NamedRow = Record<keyof Named | "id", string> & Pick<Named, "type">;

/** Maximum ids per call: more than a page of rows contains. */
const idsAtMost = 1_000;

/**
 * Looks up the names of ids, in one statement for a page of rows. It runs in the viewer's transaction, so
 * ids of rows that the viewer may not read have no name.
 *
 * @param ids UUIDs; after the first 1,000 they are ignored
 */
export async function nameIds(tx: Transaction, ids: readonly string[]): Promise<Names> {
  if (ids.length === 0) return {};
  const wanted = JSON.stringify(ids.slice(0, idsAtMost));
  const rows = await tx.execute<NamedRow>(sql`
    with wanted as materialized (
      select value::uuid as id from json_array_elements_text(${wanted}::json)
    )
    select users.id::text as id, 'person' as type, '@' || handle as label,
      '/people/' || handle as href from users join wanted using (id)
    union all
    select articles.id::text, 'article', title, '/articles/' || slug
      from articles join wanted using (id)
    union all
    select gists.id::text, 'gist', title, '/gists/' || gists.id from gists join wanted using (id)
    union all
    select tags.id::text, 'tag', name, '/tags/' || slug from tags join wanted using (id)
    union all
    select publications.id::text, 'publication', name, '/publications/' || slug
      from publications join wanted using (id)
    union all
    select submissions.id::text, 'submission', articles.title,
      '/publications/' || publications.slug || '/work/' || submissions.id
      from submissions join wanted using (id)
      join publications on publications.id = submissions.publication_id
      join articles on articles.id = submissions.article_id
    union all
    select comments.id::text, 'comment',
      coalesce('Comment by @' || users.handle, 'A deleted comment') || ' on ' ||
        coalesce(articles.title, gists.title),
      coalesce('/articles/' || articles.slug, '/gists/' || gists.id) || '#comment-' || comments.id
      from comments join wanted using (id)
      left join users on users.id = comments.author_id
      left join articles on articles.id = comments.article_id
      left join gists on gists.id = comments.gist_id`);
  return Object.fromEntries(
    rows.map(({ id, type, label, href }) => [id, { type, label, href }] as const),
  );
}
