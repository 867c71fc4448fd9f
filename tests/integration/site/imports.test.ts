import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { channels } from "@/channels/index.ts";
import type { Viewer } from "@/db/viewer.ts";
import { finishImport } from "@/features/imports/finish-import.ts";
import { getImport } from "@/features/imports/get-import.ts";
import { importFile, refuseFile } from "@/features/imports/import-file.ts";
import { findImport, listOpenFiles } from "@/features/imports/open-files.ts";
import { startImport } from "@/features/imports/start-import.ts";
import { articleLimits } from "@/lib/article-limits.ts";
import { createRolloutRig, memberOf, type RolloutRig } from "../../support/rigs/rollout-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";
import { createSendingProcess } from "../../support/site/sending-process.ts";

const { ann, rea, ben } = viewers;
let rig: RolloutRig;
beforeAll(async () => {
  rig = await createRolloutRig();
});
beforeEach(() => rig.clear());
afterAll(() => rig.close());

test("S4.7 an import makes drafts of its owner only, its progress is readable by them only, and its result stays after lost messages and repeated steps", async () => {
  const { contexts, replayed } = createSendingProcess(rig.site.database);
  const importId = randomUUID();
  const { name } = channels.import({ importId });
  const files = [
    { name: "one.md", body: "---\ntitle: One\ntags: tag, unknown\n---\nText of one" },
    { name: "two.md", body: "" },
    { name: "three.md", body: "# Three\n\nText of three" },
  ];
  const start = (viewer: typeof ann | typeof rea) =>
    contexts.write(viewer)((ctx) => startImport(ctx, { importId, files }));
  await expect(start(rea)).rejects.toMatchObject({ code: "forbidden" });
  await start(ann);
  await start(ann); // a repeated request
  const requests = await rig.site
    .owner`select data from job_requests where id = ${`import:${importId}`}`;
  expect(requests).toMatchObject([{ data: { importId } }]);
  expect(await rig.join(memberOf(ann), name)).toEqual(["joined"]);
  expect(await rig.join(memberOf(ben), name)).toEqual(["denied"]);

  const ownerId = await contexts.job((ctx) => findImport(ctx, importId));
  expect(ownerId).toBe(ann.userId);
  const open = await contexts.write(ann)((ctx) => listOpenFiles(ctx, importId));
  for (const file of open) {
    await contexts.write(ann)((ctx) => importFile(ctx, file));
    await contexts.write(ann)((ctx) => importFile(ctx, file)); // a repeated step
  }
  await expect
    .poll(() => replayed(name).map(({ fields }) => fields))
    .toEqual([{ done: 3, total: 3 }]);
  const read = (viewer: Viewer) =>
    rig.site.contexts.read(viewer)((ctx) => getImport(ctx, { importId }));
  await expect(read(ben)).rejects.toMatchObject({ code: "not_found" });
  expect((await read(ann)).finishedAt).toBeNull();
  await contexts.write(ann)((ctx) => finishImport(ctx, importId));
  await contexts.write(ann)((ctx) => finishImport(ctx, importId));
  await expect
    .poll(() => replayed(name).map(({ type, fields }) => ({ type, fields })))
    .toEqual([{ type: "import.finished", fields: { drafts: 2, failed: 1 } }]);

  const result = await read(ann);
  expect(result.finishedAt).not.toBeNull();
  expect(result.files).toMatchObject([
    { name: "one.md", state: "draft", title: "One", note: expect.stringContaining("unknown") },
    { name: "two.md", state: "failed", articleId: null, note: "The file has no text." },
    { name: "three.md", state: "draft", title: "Three", note: null },
  ]);
  const drafts = await rig.site.owner`
    select title, body, author_id, published_at, (select count(*)::int from article_tags where article_id = id) as tags
    from articles where title in ('One', 'Three') order by title`;
  const draft = { author_id: ann.userId, published_at: null };
  expect(drafts).toMatchObject([
    { ...draft, title: "One", body: "Text of one", tags: 1 },
    { ...draft, title: "Three", body: "Text of three", tags: 0 },
  ]);
  const [kept] = await rig.site
    .owner`select max(length(body)) as longest from import_files where import_id = ${importId}`;
  expect(kept?.longest).toBe(0);
});

test("a draft of an import that was deleted since, and a file that failed for good, are named in the result", async () => {
  const { contexts } = createSendingProcess(rig.site.database);
  const importId = randomUUID();
  const files = ["one.md", "two.md"].map((name) => ({ name, body: "Text" }));
  await contexts.write(ann)((ctx) => startImport(ctx, { importId, files }));
  const [one = "", two = ""] = await contexts.write(ann)((ctx) => listOpenFiles(ctx, importId));
  await contexts.write(ann)((ctx) => importFile(ctx, one));
  await contexts.write(ann)((ctx) => refuseFile(ctx, two));
  await rig.site.owner`delete from articles where id = ${one}`;
  const result = await rig.site.contexts.read(ann)((ctx) => getImport(ctx, { importId }));
  expect(result.files).toMatchObject([
    { name: "one.md", state: "removed", articleId: null },
    { name: "two.md", state: "failed", note: expect.stringContaining("Import it again") },
  ]);
});

test("a draft keeps the first tags of its file, in whatever order the tags of the site are stored", async () => {
  const { contexts } = createSendingProcess(rig.site.database);
  const named = [8, 3, 6, 1, 7, 2, 5, 4].map((number) => `order-${number}`);
  await rig.site.owner`insert into tags (slug, name)
    select slug, upper(slug) from unnest(${[...named].sort()}::text[]) as slug`;
  const importId = randomUUID();
  const files = [{ name: "tags.md", body: `---\ntags: ${named.join(", ")}\n---\nText` }];
  await contexts.write(ann)((ctx) => startImport(ctx, { importId, files }));
  const [file = ""] = await contexts.write(ann)((ctx) => listOpenFiles(ctx, importId));
  await contexts.write(ann)((ctx) => importFile(ctx, file));
  const kept = await rig.site.owner`
    select slug from article_tags join tags on tags.id = tag_id where article_id = ${file}`;
  const first = named.slice(0, articleLimits.tags);
  expect(kept.map(({ slug }) => slug).sort()).toEqual([...first].sort());
});
