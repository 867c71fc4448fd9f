import { and, eq, inArray, isNull, or, sql } from "drizzle-orm";
import { channels } from "@/channels/index.ts";
import { articles, articleTags, importFiles, tags } from "@/db/schema.ts";
import { articleLimits } from "@/lib/article-limits.ts";
import { shorten } from "@/lib/text/shorten.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { type ParsedFile, parseMarkdown } from "./parse-markdown.ts";

/** Makes a draft of a file, or notes why not. A file that is done stays as it is, so that a step can be repeated. */
export async function importFile(ctx: WriteContext, fileId: string): Promise<void> {
  const file = await lockFile(ctx, fileId);
  if (file === undefined) return;
  const parsed = parseMarkdown(file.name, file.body);
  if ("problem" in parsed) return finishFile(ctx, file, { note: parsed.problem });
  const note = await createDraft(ctx, fileId, parsed);
  await finishFile(ctx, file, { articleId: fileId, title: parsed.title, note });
}

/** Notes that a file could not be imported, after all retries. */
export async function refuseFile(ctx: WriteContext, fileId: string): Promise<void> {
  const file = await lockFile(ctx, fileId);
  if (file === undefined) return;
  await finishFile(ctx, file, { note: "Inkwell failed on this file. Import it again." });
}

type OpenFile = NonNullable<Awaited<ReturnType<typeof lockFile>>>;

async function lockFile({ tx }: WriteContext, fileId: string) {
  const [file] = await tx
    .select()
    .from(importFiles)
    .where(and(eq(importFiles.id, fileId), isNull(importFiles.doneAt)))
    .for("update");
  return file;
}

/** The draft has the id of the file, and the first tags that exist. Returns what was left out of it. */
async function createDraft(
  { tx, viewer }: WriteContext,
  id: string,
  { title, excerpt, body, tags: wanted }: ParsedFile,
): Promise<string | null> {
  const slug = `untitled-${id.slice(0, 8)}`;
  await tx.insert(articles).values({ id, authorId: viewer.userId, slug, title, excerpt, body });
  if (wanted.length === 0) return null;
  const spellings = wanted.map((tag) => tag.toLowerCase());
  const found = await tx
    .select({ id: tags.id, slug: tags.slug, name: tags.name })
    .from(tags)
    .where(or(inArray(tags.slug, spellings), inArray(sql`lower(${tags.name})`, spellings)));
  const placeOf = ({ slug, name }: (typeof found)[number]) =>
    spellings.findIndex((tag) => tag === slug || tag === name.toLowerCase());
  const kept = found.sort((a, b) => placeOf(a) - placeOf(b)).slice(0, articleLimits.tags);
  if (kept.length > 0) {
    await tx.insert(articleTags).values(kept.map((tag) => ({ articleId: id, tagId: tag.id })));
  }
  const isKept = (tag: string) =>
    kept.some(({ slug: known, name }) => known === tag || name.toLowerCase() === tag);
  const left = spellings.filter((tag) => !isKept(tag)).map((tag) => shorten(tag, 40));
  if (left.length === 0) return null;
  const named = left.slice(0, articleLimits.tags).join(", ");
  const more = left.length > articleLimits.tags ? ", …" : "";
  return `Without tags that Inkwell does not have, or beyond ${articleLimits.tags}: ${named}${more}.`;
}

async function finishFile(
  { tx, send }: WriteContext,
  { id, importId }: OpenFile,
  result: Partial<Pick<OpenFile, "articleId" | "title" | "note">>,
): Promise<void> {
  await tx
    .update(importFiles)
    .set({ ...result, body: "", doneAt: sql`now()` })
    .where(eq(importFiles.id, id));
  const [row] = await tx
    .select({
      done: sql<number>`count(${importFiles.doneAt})::int`,
      total: sql<number>`count(*)::int`,
    })
    .from(importFiles)
    .where(eq(importFiles.importId, importId));
  if (row !== undefined) {
    send(channels.import({ importId }), { type: "import.progressed", fields: row });
  }
}
