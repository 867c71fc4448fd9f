import {
  type ChannelRef,
  type ChannelSignals,
  type Channels,
  type Definitions,
  defineChannels,
} from "querycast";
import type { Kind } from "./kinds.ts";

/** Data that pages show, and how it is kept fresh: one row of the inventory. */
interface Described {
  /** Shown to admins and in the documentation. */
  readonly title: string;
  /** Keys of the queries that the row refetches, as written in code. */
  readonly queries: readonly string[];
}

/** A row whose queries are refetched by signals. */
export interface LiveRow<Defs extends Definitions = Definitions> extends Described {
  /** Rollout stage of its signals. */
  readonly phase: number;
  /** Signals of the row, by channel kind. */
  readonly definitions: Defs;
  /** Channel references for publishing and binding, typed with the signals of this row alone. */
  readonly channels: Channels<Defs>;
  /** All signals of the row on a channel, for `live()`. */
  all(channel: ChannelRef<Extract<keyof Defs, string>>): ChannelSignals;
}

/** A row without signals, with the reason. */
export interface FetchedRow extends Described {
  readonly never: string;
}

type OfKind<Name> = Name extends Kind ? Definitions[string] : never;

export type Row = LiveRow | FetchedRow;

/**
 * Declares a row: `liveRow({ title, phase, queries, on: { resource: kinds.resource.signal(…) } })`. A line
 * in `src/wiring/inventory.ts` adds it to the site. Publishing, binding, rollout, the admin pages and
 * `docs/inventory.md` are derived from it.
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

/** Declares data that is updated by fetching alone. */
export function fetchedRow(row: FetchedRow): FetchedRow {
  return row;
}

export function isLive(row: Row): row is LiveRow {
  return "definitions" in row;
}
