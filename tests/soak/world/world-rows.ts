import type { Sql } from "postgres";
import type { Viewer } from "@/db/viewer.ts";
import type { ResourceRef } from "@/features/comments/schema.ts";
import type { Random } from "../random.ts";

export interface Inhabitant {
  readonly name: string;
  readonly viewer: Viewer & { readonly userId: string };
}

/** An article or gist with comments. */
export interface Page {
  readonly ref: ResourceRef;
  readonly ownerId: string;
}

export interface WorldSize {
  readonly people: number;
  readonly articles: number;
  readonly gists: number;
}

/** Fills an empty database with people and their pages: articles first, then gists. */
export async function fillWorld(
  owner: Sql,
  random: Random,
  size: WorldSize,
): Promise<{ readonly people: readonly Inhabitant[]; readonly pages: readonly Page[] }> {
  const people = Array.from({ length: size.people }, (_, who): Inhabitant => {
    const viewer = { userId: random.uuid(), role: "author" } as const;
    return { name: `person ${who}`, viewer };
  });
  for (const [who, { name, viewer }] of people.entries()) {
    await owner`
      insert into users (id, handle, name, role)
      values (${viewer.userId}, ${`person-${who}`}, ${name}, 'author')`;
  }
  const pages: Page[] = [];
  for (let index = 0; index < size.articles + size.gists; index += 1) {
    const resourceType = index < size.articles ? "article" : "gist";
    const resourceId = random.uuid();
    const ownerId = random.pick(people).viewer.userId;
    pages.push({ ref: { resourceType, resourceId }, ownerId });
    if (resourceType === "article") {
      await owner`
        insert into articles (id, author_id, slug, title, body, published_at)
        values (${resourceId}, ${ownerId}, ${`page-${index}`}, ${`Page ${index}`}, 'A text.', now() - interval '1 day')`;
    } else {
      await owner`
        insert into gists (id, owner_id, title) values (${resourceId}, ${ownerId}, ${`Page ${index}`})`;
    }
  }
  return { people, pages };
}
