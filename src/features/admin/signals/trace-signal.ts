import { AppError } from "@/lib/errors/app-error.ts";
import type { OperatorContext } from "@/wiring/context-types.ts";
import type { Trace, TraceInput } from "./schema.ts";
import { idsOf, toRow } from "./to-row.ts";

/** The trace of a signal. @throws {AppError} `not_found` when the log no longer has it. */
export async function traceSignal(
  { signals, names, delivery }: OperatorContext,
  { place }: TraceInput,
): Promise<Trace> {
  const trace = await signals.trace({ place });
  if (trace === undefined) {
    throw new AppError(
      "not_found",
      "This signal is not in the log. Signals are kept for three days.",
    );
  }
  const { signal, page, frame, refusal, committedAt, status, catchUps } = trace;
  return {
    mode: (await delivery()).mode,
    signal: toRow(signal),
    names: await names(idsOf([signal])),
    status,
    committedAt: committedAt?.toISOString() ?? null,
    page: page && {
      signals: page.signals,
      withheld: page.withheld,
      frames: page.frames,
      attempts: page.attempts,
      readAt: page.readAt.toISOString(),
      acceptedAt: page.acceptedAt.toISOString(),
    },
    travelledWith: frame === null ? null : frame.signals.length - 1,
    refusal: refusal && { ...refusal, at: refusal.at.toISOString() },
    catchUps: catchUps && {
      replays: catchUps.replays,
      gaps: catchUps.gaps,
      since: catchUps.knownSince.toISOString(),
    },
  };
}
