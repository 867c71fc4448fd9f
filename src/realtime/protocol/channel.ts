import type {
  ChannelDefinition,
  ChannelOptions,
  ParamName,
  SignalOptions,
} from "./channel-definition.ts";
import { assertPattern, fillPattern, headOf, matchPattern } from "./channel-pattern.ts";
import { assertDeclarable } from "./declarable.ts";
import {
  defineEphemeral,
  type EphemeralDefinition,
  type EphemeralRef,
} from "./ephemeral/definition.ts";
import { type EphemeralOptions, readEphemeralOptions } from "./ephemeral/options.ts";
import { ProtocolError } from "./errors.ts";
import type { IdInput } from "./ids.ts";
import { limits } from "./limits.ts";
import type { StandardSchema } from "./schema.ts";

/**
 * One channel of the contract. It is plain data: it can be passed to a client component, stored in query
 * meta or serialised as JSON.
 */
export interface ChannelRef<Kind extends string = string, Signals = unknown> {
  readonly kind: Kind;
  /** The pattern with the escaped parameters filled in, e.g. `resource.article.42`. Unique per channel. */
  readonly name: string;
  /** The ids before escaping, as strings. */
  readonly params: Readonly<Record<string, string>>;
  /** Type only: the signals that may be published here. */
  readonly "~signals"?: Signals;
  /** Type only: a channel with signals has no messages. */
  readonly "~messages"?: never;
}

type AnyDefinition =
  // biome-ignore lint/suspicious/noExplicitAny: variance marker; every definition is assignable
  | ChannelDefinition<any, any, any>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  | EphemeralDefinition<any, any, any>;
/** Channel definitions by kind, as {@link defineChannels} takes them. */
export type Definitions = Readonly<Record<string, AnyDefinition>>;

type ParamsOf<Definition> = Definition extends
  | ChannelDefinition<infer Pattern, infer Params, infer _Signals>
  | EphemeralDefinition<infer Pattern, infer Params, infer _Messages>
  ? unknown extends Params
    ? IdInput<ParamName<Pattern>>
    : Params
  : never;
type RefOf<Kind extends string, Definition> =
  Definition extends EphemeralDefinition<infer _Pattern, infer _Params, infer Messages>
    ? EphemeralRef<Kind, Messages>
    : ChannelRef<Kind, SignalsOf<Definition>>;
type SignalsOf<Definition> =
  Definition extends ChannelDefinition<infer _Pattern, infer _Params, infer Signals>
    ? Signals
    : never;

/**
 * The registry: one function per channel kind. It takes the parameters and returns a {@link ChannelRef}, or an
 * {@link EphemeralRef} for an ephemeral kind.
 */
export type Channels<Defs extends Definitions = Definitions> = {
  readonly [Kind in keyof Defs & string]: (params: ParamsOf<Defs[Kind]>) => RefOf<Kind, Defs[Kind]>;
} & { readonly [contract]: Contract };

/** The parameters of a channel kind as its access rule receives them: ids as strings. */
export type ParamsOfRef<Registry, Kind extends keyof Registry> = Registry[Kind] extends (
  params: infer Params,
) => unknown
  ? { readonly [Key in keyof Params]: Params[Key] extends string ? Params[Key] : string }
  : never;

/** The kinds of a registry. */
export type KindOf<Registry> = Extract<keyof Registry, string>;

/** Key of a registry's {@link Contract}. A symbol, so that it cannot collide with the name of a kind. */
export const contract: unique symbol = Symbol.for("querycast.contract");

/** The definitions behind a registry, for code that gets a kind or a name at run time. */
export interface Contract {
  readonly kinds: ReadonlyMap<string, AnyDefinition>;
  /** Reference for a kind and its parameters. @throws {ProtocolError} `invalid_channel` */
  refer(kind: string, params: unknown): ChannelRef;
  /** Reference for a name such as `resource.article.42`. @throws {ProtocolError} `invalid_channel` */
  parse(name: unknown): ChannelRef;
}

/**
 * Key of the kind and definition on each function of a registry, for code that receives such a function. A registered
 * symbol, since a bundler may make two copies of this module.
 */
export const declared: unique symbol = Symbol.for("querycast.declared");

/** What a function of a registry refers to. */
export interface Declared {
  readonly kind: string;
  readonly definition: AnyDefinition;
}

/**
 * Declares a channel kind. The pattern consists of segments separated by `.`. The first is a lower-case
 * word, each other one a word or a `{parameter}`. With `ephemeral` the kind carries messages in place of signals.
 *
 * @example
 * channel("resource.{resourceType}.{resourceId}").signal("comment.created", ids("commentId"))
 * channel("import.{importId}", { ephemeral: { lastN: 1 } }).message("import.progress", fields({ done: "number" }))
 *
 * @throws {ProtocolError} `invalid_contract` when the phase is not a whole number from 1, an option of `ephemeral`
 * is invalid, or the pattern is malformed, starts with a word reserved by brokers or can exceed
 * {@link limits.wireNameLength}.
 */
export function channel<const Pattern extends string, Params = unknown>(
  pattern: Pattern,
  options: ChannelOptions<Pattern, Params> & { readonly ephemeral: Partial<EphemeralOptions> },
): EphemeralDefinition<Pattern, Params>;
export function channel<const Pattern extends string, Params = unknown>(
  pattern: Pattern,
  options?: ChannelOptions<Pattern, Params>,
): ChannelDefinition<Pattern, Params>;
export function channel(
  pattern: string,
  options: ChannelOptions<string, unknown> & {
    readonly ephemeral?: Partial<EphemeralOptions>;
  } = {},
): AnyDefinition {
  const { params, phase = 1, ephemeral } = options;
  assertPhase(`Channel "${pattern}"`, phase);
  assertPattern(pattern);
  const empty = {
    pattern,
    phase,
    params,
    signals: new Map(),
    entities: new Set<string>(),
    phases: new Map(),
  };
  if (ephemeral === undefined) return define(empty);
  return defineEphemeral({
    pattern,
    phase,
    params,
    signals: new Map(),
    phaseOf: () => phase,
    ephemeral: readEphemeralOptions(pattern, ephemeral),
    messages: new Map(),
  });
}

function assertPhase(what: string, phase: number): void {
  if (Number.isInteger(phase) && phase >= 1) return;
  throw new ProtocolError(
    "invalid_contract",
    `${what} has phase ${phase}. Phases are whole numbers from 1.`,
  );
}

interface Declaration
  extends Pick<ChannelDefinition, "pattern" | "phase" | "params" | "signals" | "entities"> {
  /** Rollout phases by signal name. */
  readonly phases: ReadonlyMap<string, number>;
}

function define({ phases, ...declaration }: Declaration): ChannelDefinition {
  const { pattern, phase, signals, entities } = declaration;
  const withSignal = (
    name: string,
    ids: StandardSchema<unknown> | undefined,
    options: SignalOptions = {},
  ): Declaration => {
    assertDeclarable("Signal", name, pattern, signals);
    const own = options.phase ?? phase;
    assertPhase(`Signal "${name}" on "${pattern}"`, own);
    return {
      ...declaration,
      signals: new Map(signals).set(name, ids),
      phases: new Map(phases).set(name, own),
    };
  };
  return {
    ...declaration,
    phaseOf: (name) => phases.get(name) ?? phase,
    signal: (name: string, ids?: StandardSchema<unknown>, options?: SignalOptions) =>
      define(withSignal(name, ids, options)),
    // The declared type of the new signal exists at compile time only.
    entity: ((name: string, ids: StandardSchema<unknown>, options?: SignalOptions) =>
      define({
        ...withSignal(name, ids, options),
        entities: new Set(entities).add(name),
      })) as ChannelDefinition["entity"],
  };
}

/**
 * Makes the registry that publishers, access rules and clients share. Both servers and browsers may
 * import it.
 *
 * @example
 * const channels = defineChannels({ user: channel("user.{userId}").signal("user.renamed") });
 * channels.user({ userId: 7 }).name; // "user.7"
 *
 * @throws {ProtocolError} `invalid_contract` when two kinds start with the same word.
 */
export function defineChannels<const Defs extends Definitions>(definitions: Defs): Channels<Defs> {
  const kinds = new Map<string, AnyDefinition>(Object.entries(definitions));
  const kindByHead = new Map<string, string>();
  for (const [kind, { pattern }] of kinds) {
    const head = headOf(pattern);
    const other = kindByHead.get(head);
    if (other !== undefined) {
      throw new ProtocolError(
        "invalid_contract",
        `Channels "${other}" and "${kind}" both start with "${head}.". Give each kind a first word of its own.`,
      );
    }
    kindByHead.set(head, kind);
  }
  const refer = (kind: string, params: unknown): ChannelRef => {
    const definition = kinds.get(kind);
    if (definition === undefined)
      throw new ProtocolError("invalid_channel", `There is no channel kind "${kind}".`);
    return fillPattern(kind, definition, params);
  };
  const parse = (name: unknown): ChannelRef => {
    const segments =
      typeof name === "string" && name.length <= limits.wireNameLength ? name.split(".") : [];
    const kind = kindByHead.get(segments[0] ?? "");
    const definition = kind === undefined ? undefined : kinds.get(kind);
    if (kind === undefined || definition === undefined) {
      throw new ProtocolError("invalid_channel", "No channel in the contract has this name.");
    }
    return fillPattern(kind, definition, matchPattern(definition.pattern, segments));
  };
  const functions = [...kinds].map(([kind, definition]) => [
    kind,
    Object.assign((params: unknown) => refer(kind, params), {
      [declared]: { kind, definition } satisfies Declared,
    }),
  ]);
  return Object.assign(Object.fromEntries(functions), {
    [contract]: { kinds, refer, parse } satisfies Contract,
  }) as Channels<Defs>;
}
