import { type Contract, contract } from "../protocol/channel.ts";
import { boundOptions, type KindOptions } from "../protocol/kind-options.ts";
import { isLiveFor, type LiveFor } from "../protocol/rollout.ts";
import { systemClock } from "./clock.ts";
import type { FrameLimit } from "./frame-limiter.ts";
import { createFresh } from "./fresh.ts";
import type { Clock, Delivery } from "./ports.ts";
import { includes, type Stage } from "./stage.ts";
import type { Viewer } from "./viewer.ts";

/** What is rolled out how far, and within which limits. What is not named is on, without limits of its own. */
export interface RolloutSettings {
  /** By channel kind. */
  readonly kinds?: Readonly<Record<string, Stage>>;
  /** By number of the phase. */
  readonly phases?: Readonly<Record<number, Stage>>;
  /** Name of an audience by channel kind: one of those the code offers. A name it does not is nobody. */
  readonly audiences?: Readonly<Record<string, string>>;
  /** By channel kind. */
  readonly options?: Readonly<Record<string, KindOptions>>;
}

export interface RolloutOptions<V extends Viewer> {
  readonly channels: { readonly [contract]: Contract };
  /** Reads what was set at run time; each entry takes the place of the one it started with. */
  readonly read?: () => Promise<RolloutSettings>;
  /** What holds where nothing was set, and until settings could be read. Default: everything is on. */
  readonly start?: RolloutSettings;
  /** Who belongs to the stage `staff`. Default: nobody. */
  readonly isStaff?: (viewer: V) => boolean;
  /** Audiences a kind can be restricted to, on top of its stage. Default: none. */
  readonly audiences?: Readonly<Record<string, (viewer: V) => boolean>>;
  /**
   * The channel kind on which changes are announced: whoever changes settings publishes a signal on it in
   * the same transaction. No setting switches it. Default: none, and browsers find out by asking.
   */
  readonly control?: string;
  /** For how long settings are not read again. Default 1,000. */
  readonly maxAgeMs?: number;
  /** Told why settings could not be read: the last known go on to hold. Default: nobody. */
  readonly onError?: (error: unknown) => void;
  readonly clock?: Clock;
}

/**
 * Rollout at run time: one decision for the relay, the route and the pages. Off is off on every process
 * within `maxAgeMs`, and for what is published from the next signal after the change on.
 */
export interface Rollout<V extends Viewer = Viewer> {
  /** As settings are now. Never rejects. */
  current(): Promise<RolloutView<V>>;
  /** Which of these may leave the server; when a change is announced among them, by the settings after it. */
  gate(deliveries: readonly Delivery[]): Promise<(delivery: Delivery) => boolean>;
  /** How many frames a second each channel may hear, by its name; undefined while nothing has a limit. */
  frameLimit(): Promise<FrameLimit | undefined>;
  /** Has the next question read settings anew. */
  forget(): void;
}

/** Settings at one moment, and what follows from them. */
export interface RolloutView<V extends Viewer = Viewer> {
  /** Every kind and phase of the contract, with its stage; every kind with its options, within bounds. */
  readonly stages: Required<RolloutSettings>;
  /** What a viewer hears, as plain data. */
  liveFor(viewer: V): LiveFor;
  /** Whether a viewer hears a signal of this kind; without a name, any. */
  isLive(viewer: V, kind: string, signal?: string): boolean;
}

const on: Stage = { status: "on" };

export function createRollout<V extends Viewer = Viewer>(options: RolloutOptions<V>): Rollout<V> {
  const {
    read = async () => ({}),
    control,
    start = {},
    maxAgeMs = 1_000,
    clock = systemClock,
  } = options;
  const { isStaff = () => false, audiences = {}, onError = () => {} } = options;
  const declared = options.channels[contract];
  const kindByHead = new Map(
    [...declared.kinds].map(([kind, { pattern }]) => [headOf(pattern), kind]),
  );
  const people = { isStaff, audiences };
  const toView = (...settings: readonly RolloutSettings[]) =>
    createView(declared, control, people, [start, ...settings]);
  const { current, forget } = createFresh({
    what: "The settings",
    start: toView(),
    read: async () => toView(await read()),
    maxAgeMs,
    clock,
    onError,
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
        // A kind of a newer build is that build's to hold back; the control channel is nobody's.
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

const headOf = (name: string) => name.split(".", 1)[0] ?? "";

/** The phases of a kind's signals; its own, when it declares none. */
export function phasesOf({ phase, phaseOf, signals }: Definition): readonly number[] {
  return signals.size === 0 ? [phase] : [...signals.keys()].map(phaseOf);
}

/** Later settings take the place of earlier ones. */
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
  /** A replay asks for the same viewer hundreds of times. */
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
