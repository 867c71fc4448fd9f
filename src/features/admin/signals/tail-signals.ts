import type { OperatorContext } from "@/wiring/context-types.ts";
import type { SignalTail, TailSignalsInput } from "./schema.ts";
import { idsOf, toFilter, toRow } from "./to-row.ts";

/** Signals committed since a position. */
export async function tailSignals(
  { signals, names }: OperatorContext,
  { position, ...filter }: TailSignalsInput,
): Promise<SignalTail> {
  const tail = await signals.tail(position ?? null, { ...toFilter(filter), limit: 100 });
  return { ...tail, signals: tail.signals.map(toRow), names: await names(idsOf(tail.signals)) };
}
