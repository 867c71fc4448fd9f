import type { OperatorContext } from "@/wiring/context-types.ts";
import type { ListSignalsInput, SignalList } from "./schema.ts";
import { idsOf, toFilter, toRow } from "./to-row.ts";

const perPage = 50;

/** Signals of the log, newest first. */
export async function listSignals(
  { signals, names }: OperatorContext,
  { minutes, before, ...filter }: ListSignalsInput,
): Promise<SignalList> {
  const from = minutes === undefined ? undefined : new Date(Date.now() - minutes * 60_000);
  const rows = await signals.list({ ...toFilter(filter), from, before, limit: perPage + 1 });
  const shown = rows.slice(0, perPage);
  return {
    signals: shown.map(toRow),
    names: await names(idsOf(shown)),
    next: rows.length > perPage ? (shown.at(-1)?.place ?? null) : null,
  };
}
