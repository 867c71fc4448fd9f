import type { KindOptions } from "querycast";
import type { Stage } from "@/lib/stage.ts";
import type { KindView, PhaseView, RolloutView } from "../schema.ts";

/** A phase or a kind of channels, as a row of the table. */
export interface ChannelRow {
  /** Names the row in forms and messages: "phase 4", "tag". */
  readonly name: string;
  readonly subject: { readonly phase: number } | { readonly kind: string };
  /** The pattern of a kind. */
  readonly pattern?: string;
  /** Titles of the live data it carries. */
  readonly data: readonly string[];
  readonly stage: Stage;
  readonly isSet: boolean;
  /** Only for a kind. */
  readonly audience?: string;
  /** Only for a kind. */
  readonly options?: KindOptions;
  /** Only for a kind, and only when the broker counts. */
  readonly subscriptions?: number;
}

/** The rows of the table: the phases, then the kinds. */
export function toRows({ phases, kinds, isCounted }: RolloutView): readonly ChannelRow[] {
  return [...phases.map(ofPhase), ...kinds.map((kind) => ofKind(kind, isCounted))];
}

const ofPhase = ({ phase, rows, stage, isSet }: PhaseView): ChannelRow => ({
  name: `phase ${phase}`,
  subject: { phase },
  data: rows,
  stage,
  isSet,
});

const ofKind = (view: KindView, isCounted: boolean): ChannelRow => ({
  name: view.kind,
  subject: { kind: view.kind },
  pattern: view.pattern,
  data: view.rows,
  stage: view.stage,
  isSet: view.isSet,
  audience: view.audience,
  options: view.options,
  ...(isCounted && { subscriptions: view.subscriptions }),
});
