import { afterAll, beforeAll, expect, test } from "vitest";
import type { Viewer } from "@/db/viewer.ts";
import { getArticle } from "@/features/articles/read/get-article.ts";
import { getGist } from "@/features/gists/get-gist.ts";
import { renderGist } from "@/features/gists/render-gist.ts";
import { updateGist } from "@/features/gists/update-gist.ts";
import { createRenderText, type RenderText } from "@/lib/rendering/create-render-text.ts";
import { createRenderer, type Renderer } from "@/lib/rendering/renderer.ts";
import { saveRendering } from "@/wiring/renderings.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";

const { anonymous, ann } = viewers;

let site: SiteDatabase;
let renderer: Renderer;
let renderText: RenderText;
let rendered = 0;
const errors: unknown[] = [];

beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  await site.owner`delete from renderings`;
  renderer = createRenderer();
  renderText = createRenderText({
    renderer: {
      ...renderer,
      render: (...text) => {
        rendered += 1;
        return renderer.render(...text);
      },
    },
    save: saveRendering(site.database),
    onError: (error) => errors.push(error),
    waitMs: 20_000,
  });
});
afterAll(async () => {
  await renderer?.close();
  await site?.close();
});

async function readArticle(slug: string, viewer: Viewer = anonymous) {
  const article = await site.contexts.read(viewer)((ctx) => getArticle(ctx, { slug }));
  if (article === null) return null;
  return renderText(
    { table: "articles", id: article.id, ownerId: article.author.id },
    { kind: "markdown", text: article.body },
    article.rendering,
  );
}
const readGist = async (label: string, viewer: Viewer = anonymous) =>
  renderGist(
    await site.contexts.read(viewer)((ctx) => getGist(ctx, { id: idOf(label) })),
    renderText,
  );

test("the first reader of an article renders it, and later readers read the stored rendering", async () => {
  const before = rendered;
  expect(await readArticle("article")).toEqual({ html: "<p>article</p>" });
  expect(rendered).toBe(before + 1);
  expect(await readArticle("article")).toEqual({ html: "<p>article</p>" });
  expect(rendered).toBe(before + 1);
  await site.owner`update articles set body = '*new*' where id = ${idOf("article")}`;
  expect(await readArticle("article")).toEqual({ html: "<p><em>new</em></p>" });
  const rows =
    await site.owner`select attempts from renderings where article_id = ${idOf("article")}`;
  expect(rows).toEqual([{ attempts: 1 }]);
});

test("only its author can read a draft's rendering, and it is deleted with the draft", async () => {
  expect(await readArticle("draft", ann)).toEqual({ html: "<p>draft</p>" });
  expect(await readArticle("draft")).toBeNull();
  await site.owner`delete from articles where id = ${idOf("draft")}`;
  expect(await site.owner`select from renderings where article_id = ${idOf("draft")}`).toHaveLength(
    0,
  );
});

test("the files of a gist are rendered once, and again after a change", async () => {
  const files = [
    { filename: "a.ts", content: "const a = 1;\n" },
    { filename: "b.zzz", content: "<b>\nc" },
  ];
  const { updatedAt } = await readGist("gist");
  await site.contexts.write(ann)((ctx) =>
    updateGist(ctx, {
      gistId: idOf("gist"),
      title: "t",
      description: "",
      isPrivate: false,
      files,
      updatedAt,
    }),
  );
  const before = rendered;
  const gist = await readGist("gist");
  expect(gist.files).toMatchObject([
    {
      lines: 1,
      text: { html: expect.stringContaining('<span class="hljs-keyword">const</span>') },
    },
    { lines: 2, text: { plain: "<b>\nc", reason: "no_grammar" } },
  ]);
  expect(await readGist("gist")).toEqual(gist);
  expect(rendered).toBe(before + 1);
});

test("a failed rendering is stored with its reason, and each retry is counted", async () => {
  const place = { table: "articles", id: idOf("article of ben"), ownerId: idOf("ben") } as const;
  const save = saveRendering(site.database);
  await save(place, "digest", { reason: "too_slow" });
  await save(place, "digest", { reason: "too_slow" });
  const read = () =>
    site.owner`select digest, html, reason, attempts from renderings where article_id = ${place.id}`;
  expect(await read()).toEqual([{ digest: "digest", html: null, reason: "too_slow", attempts: 2 }]);
  await save(place, "other", { html: "<p>b</p>" });
  expect(await read()).toEqual([{ digest: "other", html: "<p>b</p>", reason: null, attempts: 1 }]);
});

test("a text that is deleted while it is rendered is shown, and its rendering is not stored", async () => {
  const place = { table: "articles", id: idOf("never was"), ownerId: idOf("ann") } as const;
  errors.length = 0;
  expect(await renderText(place, { kind: "markdown", text: "a" }, null)).toEqual({
    html: "<p>a</p>",
  });
  expect(errors).toHaveLength(1);
});
