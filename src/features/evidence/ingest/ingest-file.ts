import { sql } from "drizzle-orm";
import { AppError } from "@/lib/errors/app-error.ts";
import type { EvidenceKeys } from "@/lib/evidence/signing.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { FileInput } from "../schema.ts";
import { appendObservations, RowProblemsError } from "./append-observations.ts";
import { parseFile } from "./parse-file.ts";

/** Messages that are shown. A file with more problems has one cause for most of them. */
const shownProblems = 20;

/**
 * Records all observations of a file, or none: one wrong row is enough for none. A repeated request with the same file
 * id records nothing.
 *
 * @returns the numbers of the observations
 * @throws {AppError} `invalid_input` with a message for each wrong row, `forbidden`, `unavailable`
 */
export async function ingestFile(
  { tx, viewer, keys }: Pick<WriteContext, "tx" | "viewer"> & { readonly keys: EvidenceKeys },
  { publicationId, fileId, format, text }: FileInput,
): Promise<readonly number[]> {
  const rows = parseFile(format, text);
  const wrong = rows.flatMap(({ label, problems }) =>
    problems.length === 0 ? [] : [`${label}: ${problems.join(" ")}`],
  );
  if (wrong.length > 0) throw refusal(wrong, wrong.length, rows.length);
  const drafts = rows.flatMap(({ draft }, index) =>
    draft === null ? [] : [{ ...draft, ingestKey: `file:${fileId}/${index + 1}` }],
  );
  const { numbers } = await appendObservations({
    tx,
    keys,
    publicationId,
    drafts,
    recordedBy: viewer.userId,
    head: sql`app.open_evidence(${publicationId})`,
  }).catch((error: unknown) => {
    if (!(error instanceof RowProblemsError)) throw error;
    const messages = error.problems.map(({ row, message }) => `${rows[row]?.label}: ${message}`);
    const wrongRows = new Set(error.problems.map(({ row }) => row)).size;
    throw refusal(messages, wrongRows, rows.length);
  });
  return numbers;
}

function refusal(messages: readonly string[], wrong: number, of: number): AppError {
  const rows = of === 1 ? "The only row" : `${wrong} of ${of} rows`;
  const more = messages.length - shownProblems;
  return new AppError(
    "invalid_input",
    `${rows} cannot be recorded, so nothing was recorded. Correct the file and choose it again.`,
    {
      fieldErrors: {
        rows: [
          ...messages.slice(0, shownProblems),
          ...(more > 0 ? [`${more} more rows have problems.`] : []),
        ],
      },
    },
  );
}
