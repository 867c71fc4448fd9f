import type { Id, IdName } from "./ids.ts";
import type { StandardSchema } from "./schema.ts";

/** The `{names}` in a channel pattern. */
export type ParamName<Pattern extends string> =
  Pattern extends `${string}{${infer Name}}${infer Rest}` ? Name | ParamName<Rest> : never;

/** Signals are named `noun.verb-in-the-past`, e.g. `comment.created`. */
export type SignalName = `${string}.${string}`;

/** A channel kind: its pattern, its rollout phase and the signals it carries. Made by `channel`. */
export interface ChannelDefinition<
  Pattern extends string = string,
  Params = unknown,
  // biome-ignore lint/complexity/noBannedTypes: the empty map is where a declaration starts
  Signals = {},
> {
  readonly pattern: Pattern;
  /** Rollout phase, 1 and up. Lower phases are switched on first. */
  readonly phase: number;
  /** Schema of the parameters. Undefined: any ids are accepted. */
  readonly params: StandardSchema<Params> | undefined;
  /** Schema of the ids by signal name. Undefined: the signal carries no ids. */
  readonly signals: ReadonlyMap<string, StandardSchema<unknown> | undefined>;
  /** Names of the signals that are entities. */
  readonly entities: ReadonlySet<string>;
  /** A kind with signals has no messages. */
  readonly ephemeral?: undefined;
  readonly messages?: undefined;
  /** Rollout phase of a signal: its own if it was declared with one, else that of the channel. */
  phaseOf(signal: string): number;
  /**
   * Returns a new definition with one more signal. Without a schema the signal carries no ids: it means
   * only that something of its kind changed on the channel.
   *
   * @throws {ProtocolError} `invalid_contract` when the name is not `noun.verb-in-the-past` in lower case,
   * starts with `querycast.`, or is declared already.
   */
  signal<Name extends SignalName>(
    name: Name,
    ids?: undefined,
    options?: SignalOptions,
  ): ChannelDefinition<Pattern, Params, Signals & { readonly [Key in Name]: undefined }>;
  signal<
    Name extends SignalName,
    Output extends { readonly [Key in keyof Output]: Key extends IdName ? Id : never },
  >(
    name: Name,
    ids: StandardSchema<Output>,
    options?: SignalOptions,
  ): ChannelDefinition<Pattern, Params, Signals & { readonly [Key in Name]: Output }>;
  /**
   * Returns a new definition with one more entity: a signal that names rows to read and to put into open queries. It
   * has exactly one id, that of the row, e.g. `.entity("chat.content", ids("contentId"))`. A stream without a broker
   * delivers the rows themselves; see `liveEntities`. Elsewhere it is a signal like others, and costs a read.
   *
   * @throws {ProtocolError} `invalid_contract` as `signal` does.
   */
  entity<
    Name extends SignalName,
    Output extends { readonly [Key in keyof Output]: Key extends IdName ? Id : never },
  >(
    name: Name,
    ids: StandardSchema<Output>,
    options?: SignalOptions,
  ): ChannelDefinition<Pattern, Params, Signals & { readonly [Key in Name]: Output }>;
  /** Type only: the declared signals and the ids of each. */
  readonly "~signals"?: Signals;
}

/** Options of a signal in a channel definition. */
export interface SignalOptions {
  /** Rollout phase, 1 and up, for a signal that is rolled out after its channel. Default: the channel's. */
  readonly phase?: number;
}

/** Options of `channel`. */
export interface ChannelOptions<Pattern extends string, Params> {
  /** Rollout phase, 1 and up. Default 1. */
  readonly phase?: number;
  /** Restricts the parameters, e.g. to UUIDs or to a list of words. Default: any ids. */
  readonly params?: StandardSchema<Params> &
    StandardSchema<{ readonly [Key in ParamName<Pattern>]: Id }>;
}
