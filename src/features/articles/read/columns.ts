import { eq, sql } from "drizzle-orm";
import { articleComments, articles, articleTags, tags } from "@/db/schema.ts";
import type { TagLink } from "../schema.ts";

/** A correlated subquery, so that an article is one row however many tags it has. */
export const tagsColumn = sql<TagLink[]>`coalesce((
  select json_agg(json_build_object('slug', ${tags.slug}, 'name', ${tags.name}) order by ${tags.name})
  from ${articleTags} join ${tags} on ${eq(tags.id, articleTags.tagId)}
  where ${eq(articleTags.articleId, articles.id)}
), '[]'::json)`;

export const commentCountColumn = sql<number>`(
  select ${articleComments.comments} from ${articleComments} where ${eq(articleComments.articleId, articles.id)}
)`;

/** Length of the body, without reading the body. */
export const bodyLengthColumn = sql<number>`char_length(${articles.body})`;
