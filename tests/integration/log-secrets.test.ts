import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createAttempts } from "@/auth/sign-in/attempts.ts";
import { signUp } from "@/auth/sign-in/sign-up.ts";
import { saveArticle } from "@/features/articles/save-article.ts";
import { createComment } from "@/features/comments/create-comment.ts";
import { createGist } from "@/features/gists/create-gist.ts";
import { getGist } from "@/features/gists/get-gist.ts";
import { toActionResult } from "@/lib/errors/action-result.ts";
import { jsonRoute } from "@/lib/http/json-route.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { saveRendering } from "@/wiring/renderings.ts";
import { createSiteDatabase, type SiteDatabase } from "../support/site-database.ts";
import { idOf, insertRows, viewers } from "./rls-rows.ts";

const { ann } = viewers;
/** Part of each text, address and password that these tests enter. */
const planted = "planted-4711";

let site: SiteDatabase;
let written: string[];

beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  // Each table refuses inserts with an error that contains the whole row, as Postgres does.
  await site.owner.unsafe(`
    create function quote_row() returns trigger language plpgsql as $$
    begin
      raise exception 'refused: %', new using detail = new::text, hint = new::text, errcode = '23514';
    end $$;
    create trigger quote before insert on articles for each row execute function quote_row();
    create trigger quote before insert on gists for each row execute function quote_row();
    create trigger quote before insert on comments for each row execute function quote_row();
    create trigger quote before insert on users for each row execute function quote_row();
    create trigger quote before insert on renderings for each row execute function quote_row();`);
});
afterAll(() => site?.close());
beforeEach(() => {
  written = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
});

const write = <Result>(verb: (ctx: WriteContext) => Promise<Result>) =>
  site.contexts.write(ann)(verb);

const works: Record<string, () => Promise<unknown>> = {
  "an article": () =>
    write((ctx) =>
      saveArticle(ctx, {
        articleId: randomUUID(),
        title: planted,
        excerpt: planted,
        body: planted.repeat(7_000),
        slug: planted,
        tagIds: [],
        basedOn: null,
      }),
    ),
  "a comment": () =>
    write((ctx) =>
      createComment(ctx, {
        commentId: randomUUID(),
        resourceType: "article",
        resourceId: idOf("article"),
        parentId: null,
        body: planted,
      }),
    ),
  "a gist": () =>
    write((ctx) =>
      createGist(ctx, {
        gistId: randomUUID(),
        title: planted,
        description: planted,
        isPrivate: true,
        files: [{ filename: "a.ts", content: planted }],
      }),
    ),
  "an account": () =>
    signUp(
      { database: site.database, attempts: createAttempts(site.database) },
      {
        handle: planted,
        name: planted,
        email: `${planted}@example.org`,
        password: `${planted} and more`,
      },
      { address: "192.0.2.1", userAgent: planted },
    ),
  "a rendering": () =>
    saveRendering(site.database)(
      { table: "articles", id: idOf("article of ben"), ownerId: idOf("ben") },
      planted,
      { html: planted },
    ),
  "an id that is none": () => site.contexts.read(ann)((ctx) => getGist(ctx, { id: planted })),
};

test.each(Object.entries(works))(
  "actions, routes and Next log a statement that fails for %s without the entered text",
  async (_what, work) => {
    const result = await toActionResult(work);
    expect(result).toMatchObject({ ok: false, code: "internal" });
    expect((await jsonRoute(work)).status).toBe(500);
    const log = written.join("");
    expect(log).toMatch(/"code":"(23514|22P02)"/);
    expect(log).not.toContain(planted);
    // Next logs the errors of pages.
    const thrown = await work().catch((error: unknown) => error);
    expect(inspect(thrown, { depth: 10, showHidden: true })).not.toContain(planted);
  },
);
