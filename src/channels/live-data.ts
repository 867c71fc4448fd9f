import {
  type ChannelDefinition,
  type ChannelRef,
  type ChannelSignals,
  type IdInput,
  ids,
  type SignalName,
  type StandardSchema,
} from "querycast";

/** Signals by name, each with the schema of its ids; undefined for a signal without ids. */
type DeclaredSignals = Readonly<Record<SignalName, StandardSchema<unknown> | undefined>>;
/** Signals by channel kind. */
type SignalsByKind = Readonly<Record<string, DeclaredSignals>>;

/** Data that pages show, with the signals that keep it fresh. */
export interface LiveData<On extends SignalsByKind = SignalsByKind> {
  /** Shown to admins and in the documentation. */
  readonly title: string;
  /** Rollout phase of its signals. */
  readonly phase: number;
  readonly on: On;
  /** Names of its signals that are entities: their rows travel over streams. Default: none. */
  readonly entities?: readonly string[];
  /** All its signals on a channel, for `live()`. */
  all(channel: ChannelRef<Extract<keyof On, string>>): ChannelSignals;
}

/** Declares live data, one file per feature. `index.ts` adds its signals to the contract. */
export function liveData<const On extends SignalsByKind>(
  data: Omit<LiveData<On>, "all">,
): LiveData<On> {
  return {
    ...data,
    all: (channel) => ({ channel, names: Object.keys(data.on[channel.kind] ?? {}) }),
  };
}

/** Declares a signal for each verb, all with the same id: `signalsOf("task", "taskId", "created", "deleted")`. */
export function signalsOf<Noun extends string, Name extends `${string}Id`, Verb extends string>(
  noun: Noun,
  id: Name,
  ...verbs: readonly Verb[]
) {
  return Object.fromEntries(verbs.map((verb) => [`${noun}.${verb}`, ids(id)])) as {
    readonly [Signal in `${Noun}.${Verb}`]: StandardSchema<IdInput<Name>>;
  };
}

/** The signals that live data declares on a channel kind, by name, with the ids of each. */
export type SignalsOn<Data, Kind extends string> = {
  readonly [Name in NamesOn<Data, Kind>]: IdsOf<Data, Kind, Name>;
};

type NamesOn<Data, Kind extends string> =
  Data extends LiveData<infer On> ? Extract<keyof On[Kind], string> : never;

type IdsOf<Data, Kind extends string, Name extends string> =
  Data extends LiveData<infer On>
    ? On[Kind] extends { readonly [Key in Name]: infer Schema }
      ? Schema extends StandardSchema<infer Ids>
        ? Ids
        : undefined
      : never
    : never;

/**
 * Adds the signals that a list of live data declares on a channel kind, each with the phase of its data.
 *
 * @throws {ProtocolError} `invalid_contract` when two of them declare one signal on one kind.
 */
export function withSignals<
  Kind extends string,
  Pattern extends string,
  Params,
  Data extends LiveData,
>(
  kind: Kind,
  start: ChannelDefinition<Pattern, Params>,
  list: readonly Data[],
): ChannelDefinition<Pattern, Params, SignalsOn<Data, Kind>> {
  let definition: ChannelDefinition<Pattern, Params> = start;
  for (const { on, phase, entities } of list) {
    for (const [name, ids] of Object.entries(on[kind] ?? {})) {
      // The return type has the declared names and ids; inside the loop they are not known to the compiler.
      definition = entities?.includes(name)
        ? definition.entity(name as SignalName, ids as StandardSchema<object>, { phase })
        : definition.signal(name as SignalName, ids as undefined, { phase });
    }
  }
  return definition as ChannelDefinition<Pattern, Params, SignalsOn<Data, Kind>>;
}
