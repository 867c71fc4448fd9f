import type { Contract } from "../../protocol/channel.ts";
import type { Viewer } from "../viewer.ts";
import { phasesOf, type RolloutSettings, type RolloutView } from "./rollout.ts";
import type { Stage } from "./stage.ts";

/** The signals and subscriptions that one channel loses by a change. */
export interface ChannelLoss {
  /** Subscriptions that lose at least one signal. */
  readonly affected: number;
  /** Of these, subscriptions that lose all of their signals. */
  readonly removed: number;
  /** Ids of the viewers who lose a signal. */
  readonly people: readonly string[];
  readonly signals: ReadonlySet<string>;
  readonly grows: boolean;
  readonly isExact: boolean;
}

type Definition = NonNullable<ReturnType<Contract["kinds"]["get"]>>;

interface ChannelQuestion<V extends Viewer> {
  readonly kind: string;
  readonly definition: Definition;
  readonly subscriptions: number;
  /** Recorded viewers; empty when none were recorded. */
  readonly people: readonly V[];
  readonly before: Pick<RolloutView<V>, "stages" | "isLive">;
  readonly after: Pick<RolloutView<V>, "stages" | "isLive">;
}

/** Decides for each recorded viewer, or estimates by the percentages of the stages when none are recorded. */
export function previewChannel<V extends Viewer>(question: ChannelQuestion<V>): ChannelLoss {
  return question.people.length > 0 ? byPerson(question) : byShare(question);
}

function byPerson<V extends Viewer>(question: ChannelQuestion<V>): ChannelLoss {
  const { kind, definition, subscriptions, people, before, after } = question;
  const names = namesOf(definition);
  const signals = new Set<string>();
  const losers = new Set<string>();
  let ended = 0;
  for (const viewer of people) {
    const now = names.filter((name) => before.isLive(viewer, kind, name));
    const lost = now.filter((name) => !after.isLive(viewer, kind, name));
    if (lost.length === 0) continue;
    losers.add(viewer.id);
    for (const name of lost) if (name !== undefined) signals.add(name);
    if (lost.length === now.length) ended += 1;
  }
  /** Scales viewers to subscriptions: the broker does not report which socket belongs to which viewer. */
  const part = (count: number) => Math.round((subscriptions * count) / people.length);
  const isSure = (count: number) =>
    count === 0 || count === people.length || people.length === subscriptions;
  return {
    affected: part(losers.size),
    removed: part(ended),
    people: [...losers],
    signals,
    grows: sharesOf(question).grows,
    isExact: isSure(losers.size) && isSure(ended),
  };
}

function byShare<V extends Viewer>(question: ChannelQuestion<V>): ChannelLoss {
  const { subscriptions, kind, definition, before, after } = question;
  const { bySignal, whole, grows } = sharesOf(question);
  const isNarrowed = narrows(before.stages, after.stages, kind);
  const lossOf = ([from, to]: readonly [number, number]) => (to >= from ? 0 : 1 - to / from);
  const largest = Math.max(...bySignal.map(([, shares]) => lossOf(shares)), lossOf(whole));
  const lost = isNarrowed ? 1 : largest;
  const ended = isNarrowed ? 1 : lossOf(whole);
  const signals = bySignal.filter(([, shares]) => isNarrowed || lossOf(shares) > 0);
  return {
    affected: Math.round(subscriptions * lost),
    removed: Math.round(subscriptions * ended),
    people: [],
    signals: new Set(signals.map(([name]) => name).filter((name) => definition.signals.has(name))),
    grows,
    // The members of the narrower audience are unknown, so this is an upper bound.
    isExact: !isNarrowed && [lost, ended].every((share) => share === 0 || share === 1),
  };
}

/** Shares of all viewers before and after, 0 to 1. Staff are ignored, since they are few. */
function sharesOf<V extends Viewer>({ kind, definition, before, after }: ChannelQuestion<V>) {
  const both = <Result>(share: (stages: RolloutSettings) => Result) =>
    [share(before.stages), share(after.stages)] as const;
  const bySignal = namesOf(definition).map((name) => {
    const phase = name === undefined ? definition.phase : definition.phaseOf(name);
    const share = (stages: RolloutSettings) =>
      shareIn(stages.kinds?.[kind]) * shareIn(stages.phases?.[phase]);
    return [name ?? "", both(share)] as const;
  });
  const whole = both((stages) => {
    // Each phase includes viewers independently. A subscription ends for viewers who are in no phase of the channel.
    const outOfAll = [...new Set(phasesOf(definition))].reduce(
      (rest, phase) => rest * (1 - shareIn(stages.phases?.[phase])),
      1,
    );
    return shareIn(stages.kinds?.[kind]) * (1 - outOfAll);
  });
  return { bySignal, whole, grows: bySignal.some(([, [from, to]]) => to > from) };
}

/** The signal names of a kind; `undefined` stands for a kind that declares none. */
const namesOf = ({ signals }: Definition): readonly (string | undefined)[] =>
  signals.size === 0 ? [undefined] : [...signals.keys()];

const narrows = (before: RolloutSettings, after: RolloutSettings, kind: string) =>
  after.audiences?.[kind] !== undefined && after.audiences[kind] !== before.audiences?.[kind];

function shareIn(stage: Stage | undefined): number {
  if (stage?.status === "percent") return stage.percent / 100;
  return stage === undefined || stage.status === "on" ? 1 : 0;
}
