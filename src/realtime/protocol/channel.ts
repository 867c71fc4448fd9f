import { decodeId, encodeId } from "./encode-id.ts";
import { ProtocolError } from "./errors.ts";
import { type Id, type IdInput, type IdName, isIdSpelling, parseId } from "./ids.ts";
import { limits } from "./limits.ts";
import { type StandardSchema, validateNow } from "./schema.ts";

/** The `{names}` in a channel pattern. */
export type ParamName<Pattern extends string> =
  Pattern extends `${string}{${infer Name}}${infer Rest}` ? Name | ParamName<Rest> : never;

/** Signals are named `noun.verb-in-the-past`, e.g. `comment.created`. */
export type SignalName = `${string}.${string}`;

/** What a channel kind declares: its pattern, its rollout phase and the signals it carries. */
export interface ChannelDefinition<
  Pattern extends string = string,
  Params = unknown,
  // biome-ignore lint/complexity/noBannedTypes: the empty map is where a declaration starts
  Signals = {},
> {
  readonly pattern: Pattern;
  /** Rollout stage. Lower phases are switched on first. */
  readonly phase: number;
  readonly params: StandardSchema<Params> | undefined;
  readonly signals: ReadonlyMap<string, StandardSchema<unknown> | undefined>;
  /** Rollout stage of one signal: the channel's, unless it was declared with one of its own. */
  phaseOf(signal: string): number;
  /** Adds a signal. Without a schema it carries no ids: "this kind of thing changed here". */
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
  /** Type only: the declared signals and the ids of each. */
  readonly "~signals"?: Signals;
}

export interface SignalOptions {
  /** Rollout stage, 1 and up: for what shares a channel and comes later. Default: the channel's. */
  readonly phase?: number;
}

export interface ChannelOptions<Pattern extends string, Params> {
  /** Rollout stage, 1 and up. Default 1. */
  readonly phase?: number;
  /** Narrows the parameters further than "an id", e.g. to a UUID or a list of words. */
  readonly params?: StandardSchema<Params> &
    StandardSchema<{ readonly [Key in ParamName<Pattern>]: Id }>;
}

/**
 * One channel of the contract: plain data, safe to send through a server component, store in query
 * meta or put in JSON. `params` are the ids as they are; `name` spells them in the alphabet of the wire
 * and is its one spelling. The wire adds a prefix and an access epoch.
 */
export interface ChannelRef<Kind extends string = string, Signals = unknown> {
  readonly kind: Kind;
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
  /** Type only: the signals that may be published here. */
  readonly "~signals"?: Signals;
}

// biome-ignore lint/suspicious/noExplicitAny: variance marker; every definition is assignable
type AnyDefinition = ChannelDefinition<any, any, any>;
export type Definitions = Readonly<Record<string, AnyDefinition>>;

type ParamsOf<Definition> =
  Definition extends ChannelDefinition<infer Pattern, infer Params, infer _Signals>
    ? unknown extends Params
      ? IdInput<ParamName<Pattern>>
      : Params
    : never;
type SignalsOf<Definition> =
  Definition extends ChannelDefinition<infer _Pattern, infer _Params, infer Signals>
    ? Signals
    : never;

/** The registry: one function per channel kind, from parameters to a reference. */
export type Channels<Defs extends Definitions = Definitions> = {
  readonly [Kind in keyof Defs & string]: (
    params: ParamsOf<Defs[Kind]>,
  ) => ChannelRef<Kind, SignalsOf<Defs[Kind]>>;
} & { readonly [contract]: Contract };

/** The parameters a channel kind takes, as its rule receives them. */
export type ParamsOfRef<Registry, Kind extends keyof Registry> = Registry[Kind] extends (
  params: infer Params,
) => unknown
  ? { readonly [Key in keyof Params]: Params[Key] extends string ? Params[Key] : string }
  : never;

/** The kinds of a registry. */
export type KindOf<Registry> = Extract<keyof Registry, string>;

/** Key under which a registry keeps its definitions, out of the way of kind names. */
export const contract: unique symbol = Symbol.for("querycast.contract");

/** The run-time half of a registry. */
export interface Contract {
  readonly kinds: ReadonlyMap<string, AnyDefinition>;
  /** Reference for a kind and its parameters. @throws {ProtocolError} `invalid_channel` */
  refer(kind: string, params: unknown): ChannelRef;
  /** Reference for a name such as `resource.article.42`. @throws {ProtocolError} `invalid_channel` */
  parse(name: unknown): ChannelRef;
}

const segmentPattern = /^[a-z][a-z0-9-]*$/;
const firstSegmentPattern = /^(?!encrypted-|cache-)[a-z][a-z0-9-]*$/;
const paramPattern = /^\{([a-z][A-Za-z0-9]*)\}$/;
/** `querycast.` is for what is no signal. */
const signalPattern = /^(?!querycast\.)[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/;

/** Characters the wire adds: `private-` in front, `.e` and the access epoch behind. */
const wireOverhead = "private-".length + ".e".length + limits.epochDigits;

/**
 * Declares a channel kind. The pattern starts with a literal segment and may have parameters, each a
 * whole segment: `"resource.{resourceType}.{resourceId}"`.
 *
 * @throws {ProtocolError} `invalid_contract` when the pattern could produce a name brokers refuse.
 */
export function channel<const Pattern extends string, Params = unknown>(
  pattern: Pattern,
  options: ChannelOptions<Pattern, Params> = {},
): ChannelDefinition<Pattern, Params> {
  const phase = options.phase ?? 1;
  assertPhase(`Channel "${pattern}"`, phase);
  const segments = pattern.split(".");
  if (!firstSegmentPattern.test(segments[0] ?? "")) {
    throw new ProtocolError(
      "invalid_contract",
      `Channel "${pattern}" must start with a word in lower case, which names its kind on the wire. Brokers reserve words that start with "encrypted-" or "cache-".`,
    );
  }
  for (const segment of segments) {
    if (!segmentPattern.test(segment) && !paramPattern.test(segment)) {
      throw new ProtocolError(
        "invalid_contract",
        `Channel "${pattern}" has the segment "${segment}". A segment is a lower-case word or one {parameter}.`,
      );
    }
  }
  const longest = longestName(segments) + wireOverhead;
  if (longest > limits.wireNameLength) {
    throw new ProtocolError(
      "invalid_contract",
      `Channel "${pattern}" can reach ${longest} characters on the wire, ${limits.wireNameLength} are allowed. Use fewer parameters.`,
    );
  }
  const { params } = options;
  const empty = { pattern, phase, params, signals: new Map(), phases: new Map() };
  return define(empty) as ChannelDefinition<Pattern, Params>;
}

function assertPhase(what: string, phase: number): void {
  if (Number.isInteger(phase) && phase >= 1) return;
  throw new ProtocolError(
    "invalid_contract",
    `${what} has phase ${phase}. Phases are whole numbers from 1.`,
  );
}

function longestName(segments: readonly string[]): number {
  const characters = segments.map((segment) =>
    paramPattern.test(segment) ? limits.idLength : segment.length,
  );
  return characters.reduce((sum, length) => sum + length, segments.length - 1);
}

interface Declaration extends Pick<AnyDefinition, "pattern" | "phase" | "params" | "signals"> {
  /** Of signals that have one of their own. */
  readonly phases: ReadonlyMap<string, number>;
}

function define({ phases, ...declaration }: Declaration): AnyDefinition {
  const { pattern, phase, signals } = declaration;
  return {
    ...declaration,
    phaseOf: (name) => phases.get(name) ?? phase,
    signal: (name: string, ids?: StandardSchema<unknown>, options: SignalOptions = {}) => {
      if (!signalPattern.test(name)) {
        throw new ProtocolError(
          "invalid_contract",
          `Signal "${name}" on "${pattern}" is not noun.verb-in-the-past in lower case, e.g. "comment.created".`,
        );
      }
      if (signals.has(name)) {
        throw new ProtocolError(
          "invalid_contract",
          `Signal "${name}" is declared twice on "${pattern}".`,
        );
      }
      const own = options.phase ?? phase;
      assertPhase(`Signal "${name}" on "${pattern}"`, own);
      return define({
        ...declaration,
        signals: new Map(signals).set(name, ids),
        phases: new Map(phases).set(name, own),
      });
    },
  };
}

/**
 * Makes the registry that publishers, rules and clients share. Plain data and types: import it
 * anywhere.
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
    return toRef(kind, definition, params);
  };
  const parse = (name: unknown): ChannelRef => {
    const segments =
      typeof name === "string" && name.length <= limits.wireNameLength ? name.split(".") : [];
    const kind = kindByHead.get(segments[0] ?? "");
    const definition = kind === undefined ? undefined : kinds.get(kind);
    if (kind === undefined || definition === undefined) {
      throw new ProtocolError("invalid_channel", "The name is not of any channel in the contract.");
    }
    return toRef(kind, definition, readParams(definition.pattern, segments));
  };
  const functions = [...kinds.keys()].map((kind) => [
    kind,
    (params: unknown) => refer(kind, params),
  ]);
  return Object.assign(Object.fromEntries(functions), {
    [contract]: { kinds, refer, parse } satisfies Contract,
  }) as Channels<Defs>;
}

function headOf(pattern: string): string {
  return pattern.split(".", 1)[0] ?? "";
}

function readParams(pattern: string, segments: readonly string[]): Record<string, string> {
  const expected = pattern.split(".");
  const params: Record<string, string> = {};
  const fits = expected.every((part, index) => {
    const param = paramPattern.exec(part)?.[1];
    const segment = segments[index];
    if (segment === undefined) return false;
    if (param === undefined) return segment === part;
    params[param] = decodeId(segment);
    return isIdSpelling(segment);
  });
  if (!fits || expected.length !== segments.length) {
    throw new ProtocolError("invalid_channel", `The name does not have the form "${pattern}".`);
  }
  return params;
}

function toRef(kind: string, definition: AnyDefinition, input: unknown): ChannelRef {
  if (typeof input !== "object" || input === null) {
    throw new ProtocolError(
      "invalid_channel",
      `Channel "${kind}" takes its parameters as an object.`,
    );
  }
  const params: Record<string, string> = {};
  const name = definition.pattern.replace(/\{(\w+)\}/g, (_match: string, param: string) => {
    const value = Object.hasOwn(input, param)
      ? (input as Record<string, unknown>)[param]
      : undefined;
    const id = parseId(value, `Parameter "${param}" of channel "${kind}"`, "invalid_channel");
    params[param] = id;
    return encodeId(id);
  });
  if (definition.params !== undefined) {
    const result = validateNow(definition.params, params);
    if (result.issues !== undefined) {
      throw new ProtocolError(
        "invalid_channel",
        `Channel "${kind}" refuses its parameters: ${result.issues.map((issue) => issue.message).join("; ")}.`,
      );
    }
  }
  return { kind, name, params };
}
