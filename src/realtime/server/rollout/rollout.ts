import { type Contract, contract } from "../../protocol/channel.ts";
import { headOf } from "../../protocol/channel-pattern.ts";
import { type Clock, monotonicClock } from "../../protocol/clock.ts";
import { boundOptions, type KindOptions } from "../../protocol/kind-options.ts";
import { isLiveFor, type LiveFor } from "../../protocol/rollout.ts";
import { observer } from "../observer.ts";
import type { Delivery } from "../ports.ts";
import type { FrameLimit } from "../relay/frame-limiter.ts";
import { createTtlCache } from "../ttl-cache.ts";
import type { Viewer } from "../viewer.ts";
import { includes, type Stage } from "./stage.ts";

/** Rollout stages and limits. A kind or phase without an entry is on, without limits. */
export interface RolloutSettings {
  /** Stage by channel kind. */
  readonly kinds?: Readonly<Record<string, Stage>>;
  /** Stage by phase number. */
  readonly phases?: Readonly<Record<number, Stage>>;
  /** Name of an audience of {@link RolloutOptions.audiences} by channel kind. An unknown name includes no viewer. */
  readonly audiences?: Readonly<Record<string, string>>;
  /** Limits by channel kind. */
  readonly options?: Readonly<Record<string, KindOptions>>;
}

/** Options of {@link createRollout}. */
export interface RolloutOptions<V extends Viewer> {
  /** The result of `defineChannels`. */
  readonly channels: { readonly [contract]: Contract };
  /** Reads the settings. Each entry replaces the entry of `start`. Default: only `start` applies. */
  readonly read?: () => Promise<RolloutSettings>;
  /** Settings for entries that `read` does not return, and until it succeeds. Default: everything is on. */
  readonly start?: RolloutSettings;
  /** Whether a viewer belongs to the stage `staff`. Default: no viewer. */
  readonly isStaff?: (viewer: V) => boolean;
  /** Audiences by name, to which a kind can be restricted in addition to its stage. Default: none. */
  readonly audiences?: Readonly<Record<string, (viewer: V) => boolean>>;
  /**
   * The channel kind that announces changes: publish a signal on it in the transaction that changes the settings.
   * It is always on. Default: none, and browsers learn of changes with their next request.
   */
  readonly control?: string;
  /** How long settings are used before they are read again, in ms. Default 1,000. */
  readonly maxAgeMs?: number;
  /** Receives errors of `read`; the last known settings stay in use. Default: ignored. */
  readonly onError?: (error: unknown) => void;
  readonly clock?: Clock;
}

/**
 * Rollout at run time, shared by the relay, the route and the pages. A change applies in every process within
 * `maxAgeMs`, and to publishing from the first signal after its announcement.
 */
export interface Rollout<V extends Viewer = Viewer> {
  /** Returns the current settings. Never rejects. */
  current(): Promise<RolloutView<V>>;
  /**
   * Returns a filter for the deliveries that may be published. If they contain the announcement of a change, the
   * filter uses the settings after it.
   */
  gate(deliveries: readonly Delivery[]): Promise<(delivery: Delivery) => boolean>;
  /** Returns the frames per second by channel name; undefined while no kind has a limit. */
  frameLimit(): Promise<FrameLimit | undefined>;
  /** Makes the next call read the settings. */
  forget(): void;
}

/** The settings at one time. */
export interface RolloutView<V extends Viewer = Viewer> {
  /** The stage of every kind and phase of the contract, and the options of every kind within their bounds. */
  readonly stages: Required<RolloutSettings>;
  /** Returns the kinds and phases that are live for a viewer, as JSON. */
  liveFor(viewer: V): LiveFor;
  /** Whether a signal of a kind is live for a viewer; without `signal`, whether any of its signals is. */
  isLive(viewer: V, kind: string, signal?: string): boolean;
}

const on: Stage = { status: "on" };

/**
 * Creates the rollout of a contract.
 *
 * ```ts
 * const rollout = createRollout({
 *   channels,
 *   read: async () => ({ kinds: { comments: { status: "percent", percent: 10 } } }),
 * });
 * ```
 */
export function createRollout<V extends Viewer = Viewer>(options: RolloutOptions<V>): Rollout<V> {
  const {
    read = async () => ({}),
    control,
    start = {},
    maxAgeMs = 1_000,
    clock = monotonicClock,
  } = options;
  const { isStaff = () => false, audiences = {} } = options;
  const declared = options.channels[contract];
  const kindByHead = new Map(
    [...declared.kinds].map(([kind, { pattern }]) => [headOf(pattern), kind]),
  );
  const people = { isStaff, audiences };
  const toView = (...settings: readonly RolloutSettings[]) =>
    createView(declared, control, people, [start, ...settings]);
  const { current, forget } = createTtlCache({
    what: "The settings",
    start: toView(),
    read: async () => toView(await read()),
    maxAgeMs,
    clock,
    onError: observer(options.onError),
  });

  const kindOf = ({ channel }: Pick<Delivery, "channel">) => kindByHead.get(headOf(channel));

  return {
    current,
    forget,
    gate: async (deliveries) => {
      if (deliveries.some((each) => kindOf(each) === control)) forget();
      const { stages } = await current();
      const isOff = (stage: Stage | undefined) => stage?.status === "off";
      return (delivery) => {
        const kind = kindOf(delivery);
        const definition = kind === undefined ? undefined : declared.kinds.get(kind);
        // An unknown kind belongs to a newer build, which decides. The control channel is always on.
        if (kind === undefined || definition === undefined || kind === control) return true;
        const { name } = delivery.signal;
        const phases = definition.signals.has(name)
          ? [definition.phaseOf(name)]
          : phasesOf(definition);
        return !isOff(stages.kinds[kind]) && !phases.every((phase) => isOff(stages.phases[phase]));
      };
    },
    frameLimit: async () => {
      const { options: set } = (await current()).stages;
      const isLimited = Object.values(set).some((each) => each.framesPerSecond !== undefined);
      if (!isLimited) return undefined;
      return (channel) => set[kindOf({ channel }) ?? ""]?.framesPerSecond;
    },
  };
}

type Definition = NonNullable<ReturnType<Contract["kinds"]["get"]>>;

/** The phases of a kind's signals; the kind's own phase when it declares no signals. */
export function phasesOf({ phase, phaseOf, signals }: Definition): readonly number[] {
  return signals.size === 0 ? [phase] : [...signals.keys()].map(phaseOf);
}

/** @param settings later ones override earlier ones, entry by entry. */
function createView<V extends Viewer>(
  declared: Contract,
  control: string | undefined,
  { isStaff, audiences }: Required<Pick<RolloutOptions<V>, "isStaff" | "audiences">>,
  settings: readonly RolloutSettings[],
): RolloutView<V> {
  const set = {
    kinds: Object.assign({}, ...settings.map(({ kinds }) => kinds)) as Record<string, Stage>,
    phases: Object.assign({}, ...settings.map(({ phases }) => phases)) as Record<number, Stage>,
    audiences: Object.assign({}, ...settings.map((each) => each.audiences)) as Record<
      string,
      string
    >,
    options: Object.assign({}, ...settings.map((each) => each.options)) as Record<
      string,
      KindOptions
    >,
  };
  const kinds = [...declared.kinds.keys()].filter((kind) => kind !== control);
  const definitions = kinds.flatMap((kind) => declared.kinds.get(kind) ?? []);
  const phases = [...new Set(definitions.flatMap(phasesOf))].sort((one, other) => one - other);
  const stages = {
    kinds: Object.fromEntries(kinds.map((kind) => [kind, set.kinds[kind] ?? on])),
    phases: Object.fromEntries(phases.map((phase) => [phase, set.phases[phase] ?? on])),
    audiences: set.audiences,
    options: Object.fromEntries(kinds.map((kind) => [kind, boundOptions(set.options[kind] ?? {})])),
  };
  const admits = (kind: string, viewer: V) => {
    const audience = set.audiences[kind];
    return audience === undefined || audiences[audience]?.(viewer) === true;
  };
  /** Cached per viewer: a replay calls `isLive` for each signal. */
  const known = new WeakMap<V, LiveFor>();
  const liveFor = (viewer: V): LiveFor => {
    const live = known.get(viewer) ?? decideFor(viewer);
    known.set(viewer, live);
    return live;
  };
  const decideFor = (viewer: V): LiveFor => {
    const person = { id: viewer.id, isStaff: isStaff(viewer) };
    return {
      kinds: kinds.filter(
        (kind) =>
          includes(stages.kinds[kind] ?? on, `kind ${kind}`, person) && admits(kind, viewer),
      ),
      phases: phases.filter((phase) =>
        includes(stages.phases[phase] ?? on, `phase ${phase}`, person),
      ),
    };
  };
  return {
    stages,
    liveFor,
    isLive: (viewer, kind, signal) =>
      kind === control ||
      isLiveFor(declared, liveFor(viewer), { kind }, signal === undefined ? undefined : [signal]),
  };
}
