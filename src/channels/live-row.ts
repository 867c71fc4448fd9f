import {
  type ChannelRef,
  type ChannelSignals,
  type Channels,
  type Definitions,
  defineChannels,
} from "querycast";
import type { Kind } from "./kinds.ts";

/** Something people look at, and how it stays fresh: one line of the inventory. */
interface Described {
  /** For people: admins and the documentation. */
  readonly title: string;
  /** Keys of the queries it keeps fresh, as they are written in code. */
  readonly queries: readonly string[];
}

/** A row that signals keep fresh. */
export interface LiveRow<Defs extends Definitions = Definitions> extends Described {
  /** Rollout stage of its signals. */
  readonly phase: number;
  /** What it says, by the kind of channel it says it on. */
  readonly definitions: Defs;
  /** References to publish on and to bind to: they know the signals of this row alone. */
  readonly channels: Channels<Defs>;
  /** Everything the row says on a channel, for `live()`. */
  all(channel: ChannelRef<Extract<keyof Defs, string>>): ChannelSignals;
}

/** A row that is never broadcast, with the reason. */
export interface FetchedRow extends Described {
  readonly never: string;
}

type OfKind<Name> = Name extends Kind ? Definitions[string] : never;

export type Row = LiveRow | FetchedRow;

/**
 * Declares a row: `liveRow({ title, phase, queries, on: { resource: kinds.resource.signal(…) } })`. It
 * becomes part of the site by its line in `src/wiring/inventory.ts`; publishing, binding, rollout, the
 * admins' pages and `docs/inventory.md` follow from it.
 */
export function liveRow<On extends Definitions & { readonly [Name in keyof On]: OfKind<Name> }>(
  row: Described & { readonly phase: number; readonly on: On },
): LiveRow<On> {
  const { on: definitions, ...described } = row;
  return {
    ...described,
    definitions,
    channels: defineChannels(definitions),
    all: (channel) => ({
      channel,
      names: [...((definitions as Definitions)[channel.kind]?.signals.keys() ?? [])],
    }),
  };
}

/** Declares what is read by fetching alone. */
export function fetchedRow(row: FetchedRow): FetchedRow {
  return row;
}

export function isLive(row: Row): row is LiveRow {
  return "definitions" in row;
}
