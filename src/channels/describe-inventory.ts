import { type Kind, kinds } from "./kinds.ts";
import { isLive, type LiveRow, type Row } from "./live-row.ts";

/** The inventory as people read it: `docs/inventory.md`. */
export function describeInventory(rows: readonly Row[]): string {
  const live = rows.filter(isLive).sort((one, other) => one.phase - other.phase);
  const fetched = rows.filter((row) => !isLive(row));
  return [
    "# What is live",
    "",
    "Written by `npm run inventory` from the `live.ts` of each feature; a test holds it to them.",
    "",
    ...table(
      ["what", "queries", "channel and signals", "phase"],
      live.map((row) => [row.title, code(row.queries), signalsOf(row), String(row.phase)]),
    ),
    "",
    "## What is read by fetching alone",
    "",
    ...table(
      ["what", "queries", "why it is never broadcast"],
      fetched.map((row) => [row.title, code(row.queries), "never" in row ? row.never : ""]),
    ),
    "",
  ].join("\n");
}

function signalsOf({ definitions }: LiveRow): string {
  return Object.entries(definitions)
    .map(([kind, { signals }]) => {
      const names = [...signals.keys()].map((name) => `\`${name}\``).join(", ");
      return `\`${kinds[kind as Kind].pattern}\`: ${names}`;
    })
    .join("; ");
}

const code = (texts: readonly string[]) => texts.map((text) => `\`${text}\``).join(", ");

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}
