import { CsvError, parse } from "csv-parse/sync";
import { AppError } from "@/lib/errors/app-error.ts";
import { mostRows } from "../limits.ts";
import { type ObservationDraft, observationDraft } from "../schema.ts";

/** A draft, or what is wrong with its row, each with the name that its row has in the file. */
export interface ParsedRow {
  readonly label: string;
  readonly draft: ObservationDraft | null;
  readonly problems: readonly string[];
}

/** Columns of a CSV file. The first three are required. */
const columns = [
  "statement",
  "source_name",
  "event_at",
  "source_url",
  "clearance",
  "corrects",
  "figure_name",
  "figure_value",
  "figure_unit",
] as const;
const requiredColumns = columns.slice(0, 3);

/**
 * Parses a file of observations. A row that is wrong is returned with its problems.
 *
 * @throws {AppError} `invalid_input` when the file as a whole cannot be read.
 */
export function parseFile(format: "json" | "csv", text: string): readonly ParsedRow[] {
  const rows = format === "csv" ? csvRows(text) : jsonRows(text);
  if (rows.length === 0) throw refused("The file has no observations.");
  if (rows.length > mostRows) {
    throw refused(`The file has ${rows.length} observations, ${mostRows} are allowed. Divide it.`);
  }
  return rows.map(({ label, value }) => parseRow(label, value));
}

/** Parses one row. A message names its field, unless the message does. */
export function parseRow(label: string, value: unknown): ParsedRow {
  const parsed = observationDraft.safeParse(value);
  if (parsed.success) return { label, draft: parsed.data, problems: [] };
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? "This is not an observation." : `${path.join(".")}: ${message}`,
  );
  return { label, draft: null, problems };
}

interface Row {
  readonly label: string;
  readonly value: unknown;
}

function jsonRows(text: string): readonly Row[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw refused(`The file is not JSON: ${(error as Error).message}`, error);
  }
  const list = Array.isArray(parsed)
    ? parsed
    : (parsed as { observations?: unknown } | null)?.observations;
  if (!Array.isArray(list)) {
    throw refused("The file is not a list. Write observations as [{…}, {…}].");
  }
  return list.map((value, index) => ({ label: `Item ${index + 1}`, value: fromJson(value) }));
}

/** Accepts `source: { name, url }` as exports and feeds have it. */
export function fromJson(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { source, ...rest } = value as { source?: { name?: unknown; url?: unknown } };
  if (typeof source !== "object" || source === null) return rest;
  return { sourceName: source.name, sourceUrl: source.url, ...rest };
}

function csvRows(text: string): readonly Row[] {
  const records = readCsv(text);
  const [header, ...lines] = records;
  const names = header?.record.map((name) => name.trim().toLowerCase()) ?? [];
  const missing = requiredColumns.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw refused(
      `The first line lacks the columns ${missing.join(", ")}. Allowed are ${columns.join(", ")}.`,
    );
  }
  const foreign = names.filter((name) => !(columns as readonly string[]).includes(name));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (foreign.length > 0 || twice !== undefined) {
    throw refused(
      twice === undefined
        ? `The columns ${foreign.join(", ")} are unknown. Allowed are ${columns.join(", ")}.`
        : `The column ${twice} occurs twice.`,
    );
  }
  return lines.map(({ record, line }) => ({
    label: `Line ${line}`,
    value: record.length === names.length ? fromCells(names, record) : null,
  }));
}

function readCsv(text: string): readonly { record: string[]; line: number }[] {
  try {
    const rows = parse(text, {
      bom: true,
      relaxColumnCount: true,
      skipEmptyLines: true,
      info: true,
    });
    return (rows as unknown as { record: string[]; info: { lines: number } }[]).map(
      ({ record, info }) => ({ record, line: info.lines }),
    );
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw refused(`The file is not CSV: ${error.message}`, error);
  }
}

function fromCells(names: readonly string[], record: readonly string[]): unknown {
  const cells = Object.fromEntries(names.map((name, index) => [name, record[index]?.trim() ?? ""]));
  const { figure_name: name, figure_value: value, figure_unit: unit } = cells;
  return {
    statement: cells.statement,
    sourceName: cells.source_name,
    sourceUrl: cells.source_url ?? "",
    eventAt: cells.event_at,
    corrects: cells.corrects ?? "",
    ...(cells.clearance ? { clearance: cells.clearance } : {}),
    ...(name || value || unit ? { figures: [{ name: name ?? "", value, unit: unit ?? "" }] } : {}),
  };
}

const refused = (message: string, cause?: unknown) =>
  new AppError("invalid_input", message, { cause, fieldErrors: { file: [message] } });
