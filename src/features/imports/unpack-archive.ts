import { type Entry, fromBufferPromise } from "yauzl";
import { AppError } from "@/lib/errors/app-error.ts";
import { decodeText } from "@/lib/text/decode-text.ts";
import { shorten } from "@/lib/text/shorten.ts";
import { archiveLimits, importLimits, markdownName } from "./limits.ts";
import type { ImportFileInput } from "./schema.ts";

/**
 * The Markdown files of a .zip archive, in its order. Other files, hidden ones and those of `__MACOSX` are left out.
 * zlib inflates in the thread pool, and the thread serves other requests. The size is counted while a file is
 * inflated, because an archive can state any size.
 *
 * @throws {AppError} `invalid_input` when the archive is damaged, encrypted, too large, has unsafe names or no Markdown
 */
export async function unpackArchive(archive: Uint8Array): Promise<readonly ImportFileInput[]> {
  try {
    return await readEntries(archive);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw refusal("This file is not a .zip archive, or it is damaged. Create it again.", error);
  }
}

async function readEntries(archive: Uint8Array): Promise<readonly ImportFileInput[]> {
  const { buffer, byteOffset, byteLength } = archive;
  const zip = await fromBufferPromise(Buffer.from(buffer, byteOffset, byteLength), {
    lazyEntries: true,
    decodeStrings: false, // names are checked here, with messages for people
  });
  if (zip.entryCount > archiveLimits.entries) {
    throw refusal(
      `The archive has ${zip.entryCount.toLocaleString("en")} entries. At most ${archiveLimits.entries.toLocaleString("en")} are allowed.`,
    );
  }
  const files: ImportFileInput[] = [];
  let room: number = archiveLimits.bytes;
  for await (const entry of zip.eachEntry()) {
    const name = nameOf(entry);
    if (!isMarkdown(name)) continue;
    if (files.length === archiveLimits.files) {
      throw refusal(`The archive has more than ${archiveLimits.files} Markdown files.`);
    }
    if (entry.isEncrypted()) {
      throw refusal("The archive is encrypted. Create it without a password.");
    }
    const bytes = await inflate(await zip.openReadStreamPromise(entry), room);
    room -= bytes.length;
    const body = decodeText(bytes);
    if (body === null) throw refusal(`“${name}” in the archive is not UTF-8 text. Leave it out.`);
    files.push({ name, body });
  }
  if (files.length === 0) {
    throw refusal("The archive has no Markdown files: .md or .markdown.");
  }
  return files;
}

/** The name with its folders. @throws {AppError} for names that lead out of the archive, also of files that are left out. */
function nameOf({ fileNameRaw }: Entry): string {
  const name = new TextDecoder("utf-8").decode(fileNameRaw).replaceAll("\\", "/"); // as Windows writes it
  if (/(^|\/)\.\.(\/|$)|^\/|^[a-z]:|\p{Cc}/iu.test(name)) {
    throw refusal("The archive has a file name that is not inside of it. Create it again.");
  }
  if (name.length > importLimits.nameLength) {
    throw refusal(
      `“${shorten(name, 60)}” is longer than ${importLimits.nameLength} characters. Shorten the names of its folders.`,
    );
  }
  return name;
}

const isMarkdown = (name: string): boolean =>
  markdownName.test(name) &&
  name.split("/").every((part) => !part.startsWith(".") && part !== "__MACOSX");

/** Reads at most `room` bytes. The rest of a larger file is not inflated. */
async function inflate(stream: AsyncIterable<Buffer>, room: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > room) {
      // Leaving the loop destroys the stream.
      throw refusal(
        `The Markdown files of the archive have more than ${archiveLimits.bytes / 1_000_000} MB together. Import them in parts.`,
      );
    }
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}

const refusal = (message: string, cause?: unknown) =>
  new AppError("invalid_input", message, { cause, fieldErrors: { archive: [message] } });
