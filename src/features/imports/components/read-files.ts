import { decodeText } from "@/lib/text/decode-text.ts";
import { archiveLimits, importLimits } from "../limits.ts";
import type { ImportFileInput } from "../schema.ts";

/** What is sent for an import: an archive, which the server unpacks, or texts. */
export type ReadFiles =
  | { readonly archive: Uint8Array<ArrayBuffer> }
  | { readonly files: ImportFileInput[] };

/**
 * Reads the chosen files: one .zip archive, or Markdown files as UTF-8.
 *
 * @throws with the reason for people, when a file is not text or the files are too many or too large
 */
export async function readFiles(files: readonly File[]): Promise<ReadFiles> {
  const [first] = files;
  if (first === undefined) throw new Error("Choose at least one file.");
  if (!files.some(({ name }) => /\.zip$/i.test(name))) return { files: await readTexts(files) };
  if (files.length > 1) throw new Error("Choose one .zip archive, or Markdown files without it.");
  if (first.size > archiveLimits.archiveBytes) {
    throw new Error(
      `The archive has ${kilobytes(first.size)}. At most ${kilobytes(archiveLimits.archiveBytes)} are allowed: import it in parts.`,
    );
  }
  return { archive: new Uint8Array(await first.arrayBuffer()) };
}

async function readTexts(files: readonly File[]): Promise<ImportFileInput[]> {
  if (files.length > importLimits.files) {
    throw new Error(
      `You chose ${files.length} files. An import has at most ${importLimits.files}: put them into a .zip archive.`,
    );
  }
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > importLimits.bytes) {
    throw new Error(
      `The files have ${kilobytes(bytes)} together. At most ${kilobytes(importLimits.bytes)} are allowed: put them into a .zip archive.`,
    );
  }
  return Promise.all(files.map(readText));
}

async function readText(file: File): Promise<ImportFileInput> {
  const { name } = file;
  const body = decodeText(await file.arrayBuffer());
  if (body === null) {
    throw new Error(`“${name}” is not UTF-8 text. Leave it out, or save it as UTF-8.`);
  }
  return { name, body };
}

const kilobytes = (bytes: number): string => `${Math.ceil(bytes / 1_000)} kB`;
