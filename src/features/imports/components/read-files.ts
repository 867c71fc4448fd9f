import { importLimits } from "../limits.ts";
import type { StartImportInput } from "../schema.ts";

/**
 * Reads the chosen files as UTF-8.
 *
 * @throws with the reason for people, when a file is not text or the files are too many or too large
 */
export async function readFiles(files: readonly File[]): Promise<StartImportInput["files"]> {
  if (files.length === 0) throw new Error("Choose at least one file.");
  if (files.length > importLimits.files) {
    throw new Error(
      `You chose ${files.length} files. An import has at most ${importLimits.files}: import the rest afterwards.`,
    );
  }
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > importLimits.bytes) {
    throw new Error(
      `The files have ${Math.ceil(bytes / 1_000)} kB together. At most ${importLimits.bytes / 1_000} kB are allowed: import them in parts.`,
    );
  }
  return Promise.all(files.map(readFile));
}

async function readFile(file: File) {
  const { name } = file;
  try {
    const body = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    if (!body.includes("\0")) return { name, body };
  } catch {
    // The same answer as for a NUL character.
  }
  throw new Error(`“${name}” is not UTF-8 text. Leave it out, or save it as UTF-8.`);
}
