import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createGist } from "@/features/gists/create-gist.ts";
import { deleteGist } from "@/features/gists/delete-gist.ts";
import { getGist } from "@/features/gists/get-gist.ts";
import { getGistDraft } from "@/features/gists/get-gist-draft.ts";
import { listGists } from "@/features/gists/list-gists.ts";
import { type CreateGistInput, createGistInput } from "@/features/gists/schema.ts";
import { updateGist } from "@/features/gists/update-gist.ts";
import { createSiteDatabase, type SiteDatabase } from "../../support/database/site-database.ts";
import { idOf, insertRows, viewers } from "../../support/rows/rls-rows.ts";

const { anonymous, rea, ann, ben } = viewers;

let site: SiteDatabase;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
});
afterAll(() => site.close());
beforeEach(() => site.newSignals());

const newGist = (parts: Partial<CreateGistInput> = {}): CreateGistInput => ({
  gistId: randomUUID(),
  title: "A gist",
  description: "",
  isPrivate: false,
  files: [
    { filename: "b.ts", content: "const b = 1;\n" },
    { filename: "a.md", content: "# a\n" },
  ],
  ...parts,
});
type Person = Exclude<(typeof viewers)[keyof typeof viewers], typeof anonymous>;
const create = (viewer: Person, gist: CreateGistInput) =>
  site.contexts.write(viewer)((ctx) => createGist(ctx, gist));
const read = (viewer: Person | typeof anonymous, id: string) =>
  site.contexts.read(viewer)((ctx) => getGist(ctx, { id }));
const ownSignal = (name: string, gistId: string, viewer: Person = rea) => ({
  channel: `user.${viewer.userId}`,
  name,
  ids: { gistId },
});

test("S3.16 a new gist publishes a signal to its owner only, and keeps the order and languages of its files", async () => {
  const gist = newGist();
  await create(rea, gist);
  expect(await site.newSignals()).toEqual([ownSignal("gist.created", gist.gistId)]);
  const { files, isPrivate } = await read(anonymous, gist.gistId);
  expect(isPrivate).toBe(false);
  expect(files.map(({ filename }) => filename)).toEqual(["b.ts", "a.md"]);
  expect(files.map(({ language }) => language)).toEqual(["ts", "md"]);
});

test("a gist that is created twice with one id exists once, and another user's id is a conflict", async () => {
  const gist = newGist();
  await create(rea, gist);
  await site.newSignals();
  await create(rea, gist);
  expect(await site.newSignals()).toEqual([]);
  await expect(create(ann, gist)).rejects.toMatchObject({ code: "conflict" });
});

test("a gist that is sent again with other content, after its answer was lost, has that content", async () => {
  const gist = newGist();
  await create(rea, gist);
  await site.newSignals();
  const files = [{ filename: "c.txt", content: "c" }];
  await create(rea, { ...gist, title: "More", files });
  expect(await read(rea, gist.gistId)).toMatchObject({
    title: "More",
    files: [{ filename: "c.txt" }],
  });
  expect(await site.newSignals()).toHaveLength(2);
  // It was changed since: nothing is replaced.
  await expect(create(rea, { ...gist, title: "Less" })).rejects.toMatchObject({ code: "conflict" });
  expect((await read(rea, gist.gistId)).title).toBe("More");
});

test("a change that is sent again after its answer was lost changes and publishes nothing", async () => {
  const gist = newGist();
  await create(rea, gist);
  const { updatedAt } = await read(rea, gist.gistId);
  const change = () =>
    site.contexts.write(rea)((ctx) => updateGist(ctx, { ...gist, title: "Mine", updatedAt }));
  await change();
  await site.newSignals();
  await change();
  expect(await site.newSignals()).toEqual([]);
  expect((await read(rea, gist.gistId)).title).toBe("Mine");
});

test("S3.16 a change replaces the files and publishes a signal to the owner and to viewers of the gist", async () => {
  const gist = newGist();
  await create(rea, gist);
  await site.newSignals();
  const { updatedAt } = await read(rea, gist.gistId);
  const files = [{ filename: "c.txt", content: "c" }];
  await site.contexts.write(rea)((ctx) => updateGist(ctx, { ...gist, files, updatedAt }));
  expect(await site.newSignals()).toEqual([
    ownSignal("gist.updated", gist.gistId),
    { ...ownSignal("gist.updated", gist.gistId), channel: `resource.gist.${gist.gistId}` },
  ]);
  expect((await read(rea, gist.gistId)).files.map(({ filename }) => filename)).toEqual(["c.txt"]);
});

test("a change of an outdated version is refused without a signal", async () => {
  const gist = newGist();
  await create(rea, gist);
  await site.newSignals();
  const late = { ...gist, title: "Mine", updatedAt: new Date(0).toISOString() };
  await expect(site.contexts.write(rea)((ctx) => updateGist(ctx, late))).rejects.toMatchObject({
    code: "conflict",
  });
  expect((await read(rea, gist.gistId)).title).toBe("A gist");
  expect(await site.newSignals()).toEqual([]);
});

test("only the owner can change, delete or edit a gist; for others it looks missing", async () => {
  const gist = newGist();
  await create(rea, gist);
  const { updatedAt } = await read(rea, gist.gistId);
  await site.newSignals();
  await expect(
    site.contexts.write(ben)((ctx) => updateGist(ctx, { ...gist, updatedAt })),
  ).rejects.toMatchObject({ code: "not_found" });
  await expect(site.contexts.write(ben)((ctx) => deleteGist(ctx, gist))).rejects.toMatchObject({
    code: "not_found",
  });
  expect(await site.contexts.read(ben)((ctx) => getGistDraft(ctx, { id: gist.gistId }))).toBeNull();
  expect(await site.newSignals()).toEqual([]);
});

test("S3.16 a gist made private is visible only to its owner, in every list and by its URL", async () => {
  const gist = newGist({ isPrivate: true });
  await create(rea, gist);
  for (const viewer of [anonymous, ann, viewers.kay]) {
    await expect(read(viewer, gist.gistId)).rejects.toMatchObject({ code: "not_found" });
    for (const input of [{}, { ownerId: rea.userId }]) {
      const { rows } = await site.contexts.read(viewer)((ctx) => listGists(ctx, input));
      expect(rows.map(({ id }) => id)).not.toContain(gist.gistId);
    }
  }
  const own = await site.contexts.read(rea)((ctx) => listGists(ctx, { ownerId: rea.userId }));
  expect(own.rows[0]).toMatchObject({
    id: gist.gistId,
    isPrivate: true,
    filenames: ["b.ts", "a.md"],
  });
  const everybodys = await site.contexts.read(rea)((ctx) => listGists(ctx, {}));
  expect(everybodys.rows.map(({ id }) => id)).not.toContain(gist.gistId);
});

test("S3.16 deleting a gist deletes files and comments and ends its subscriptions", async () => {
  const gist = newGist();
  await create(rea, gist);
  await site.newSignals();
  await site.contexts.write(rea)((ctx) => deleteGist(ctx, gist));
  expect(await site.newSignals()).toEqual(
    expect.arrayContaining([
      ownSignal("gist.deleted", gist.gistId),
      expect.objectContaining({ channel: `resource.gist.${gist.gistId}`, name: "querycast.moved" }),
    ]),
  );
  const [left] =
    await site.owner`select count(*)::int from gist_files where gist_id = ${gist.gistId}`;
  expect(left?.count).toBe(0);
});

test("pages of a list have no gap and no repetition", async () => {
  const viewer = ben;
  for (let index = 0; index < 25; index += 1) await create(viewer, newGist({ title: `${index}` }));
  const page = (after?: string) =>
    site.contexts.read(anonymous)((ctx) => listGists(ctx, { ownerId: idOf("ben"), after }));
  const first = await page();
  const second = await page(first.nextCursor ?? "");
  expect(second.nextCursor).toBeNull();
  const titles = [...first.rows, ...second.rows].map(({ title }) => Number(title));
  expect(titles.sort((one, other) => one - other)).toEqual(Array.from({ length: 25 }, (_, i) => i));
});

test.each([
  ["no title", { title: " " }, "title"],
  ["no file", { files: [] }, "files"],
  ["an empty file", { files: [{ filename: "a", content: " " }] }, "files.0.content"],
  ["a name with a slash", { files: [{ filename: "a/b", content: "x" }] }, "files.0.filename"],
  ["one name twice", { files: Array(2).fill({ filename: "a", content: "x" }) }, "files.1.filename"],
  ["too much", { files: [{ filename: "a", content: "x".repeat(200_001) }] }, "files"],
])("a gist with %s is refused beside the field", (_, parts, field) => {
  const { error } = createGistInput.safeParse(newGist(parts));
  expect(error?.issues.map(({ path }) => path.join("."))).toEqual([field]);
});
