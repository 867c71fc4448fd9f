import { type Contract, contract } from "../protocol/channel.ts";
import { fromWireName } from "../protocol/wire-name.ts";
import type { Broker } from "./ports.ts";
import { previewChannel } from "./preview-channel.ts";
import {
  createRollout,
  type RolloutOptions,
  type RolloutSettings,
  type RolloutView,
} from "./rollout.ts";
import type { Viewer } from "./viewer.ts";

/** What a change of the rollout takes from those who are subscribed now. */
export interface RolloutPreview {
  /** Subscriptions that end: none of their channel's signals is on for them after the change. */
  readonly removed: number;
  /** What loses at least one signal that it receives now, over all kinds. */
  readonly affected: Affected;
  /** False where a number is an estimate: of sockets whose people are not known one by one. */
  readonly isExact: boolean;
  /** Each kind that somebody is subscribed to. */
  readonly kinds: readonly KindPreview[];
}

export interface Affected {
  readonly channels: number;
  /** One per socket and channel; all tabs of one browser share a socket. */
  readonly subscriptions: number;
  /** Different people. Null without {@link PreviewRolloutOptions.listeners}. */
  readonly people: number | null;
}

export interface KindPreview {
  readonly kind: string;
  /** Channels with at least one subscription now. */
  readonly channels: number;
  /** Subscriptions as the broker counts them now. */
  readonly subscriptions: number;
  readonly removed: number;
  readonly affected: Affected;
  /** Names of the signals that somebody loses. */
  readonly signals: readonly string[];
  /** Whether a stage widens, so that more people may receive signals; how many is not known. */
  readonly grows: boolean;
  readonly isExact: boolean;
}

export interface PreviewRolloutOptions<V extends Viewer = Viewer>
  extends Pick<RolloutOptions<V>, "control" | "isStaff" | "audiences"> {
  readonly channels: { readonly [contract]: Contract };
  /** What holds now: `await rollout.current()`. */
  readonly view: Pick<RolloutView<V>, "stages" | "isLive">;
  /** What is to change; the rest stays as `view` has it. */
  readonly change: RolloutSettings;
  readonly broker: Pick<Broker, "audience">;
  /**
   * The people on each of these channels, as far as the site has recorded who joined. With it a change is
   * decided person by person, as the server decides it; without it a percentage is an expected value.
   */
  readonly listeners?: (channels: readonly string[]) => Promise<ReadonlyMap<string, readonly V[]>>;
}

/**
 * Counts what a change of stages or audiences removes, before it is saved. Nothing is changed.
 *
 * @throws {TypeError} when the broker does not count subscriptions; otherwise the broker's own error.
 */
export async function previewRollout<V extends Viewer = Viewer>(
  options: PreviewRolloutOptions<V>,
): Promise<RolloutPreview> {
  const { channels, control, isStaff, audiences, view, change, broker, listeners } = options;
  if (broker.audience === undefined) {
    throw new TypeError("This broker does not count subscriptions. Save without a preview.");
  }
  const counts = countByChannel(await broker.audience());
  const people = await listeners?.([...counts.keys()]);
  const { stages } = view;
  const start: RolloutSettings = {
    ...stages,
    kinds: { ...stages.kinds, ...change.kinds },
    phases: { ...stages.phases, ...change.phases },
    audiences: { ...stages.audiences, ...change.audiences },
  };
  const after = await createRollout<V>({
    channels,
    start,
    ...(control !== undefined && { control }),
    ...(isStaff !== undefined && { isStaff }),
    ...(audiences !== undefined && { audiences }),
  }).current();

  const affectedPeople = new Set<string>();
  const kinds = [...channels[contract].kinds]
    .filter(([kind]) => kind in stages.kinds)
    .flatMap(([kind, definition]): KindPreview[] => {
      const own = [...counts].filter(([name]) => headOf(name) === headOf(definition.pattern));
      if (own.length === 0) return [];
      const losses = own.map(([name, subscriptions]) =>
        previewChannel({
          kind,
          definition,
          subscriptions,
          people: people?.get(name) ?? [],
          before: view,
          after,
        }),
      );
      const lost = new Set(losses.flatMap((loss) => loss.people));
      for (const id of lost) affectedPeople.add(id);
      const affected = sum(losses.map((loss) => loss.affected));
      return [
        {
          kind,
          channels: own.length,
          subscriptions: sum(own.map(([, count]) => count)),
          removed: sum(losses.map(({ removed }) => removed)),
          affected: {
            channels: losses.filter((loss) => loss.affected > 0).length,
            subscriptions: affected,
            // Each person who is there has a subscription at least; some of the recorded have left.
            people: people === undefined ? null : Math.min(lost.size, affected),
          },
          signals: [...definition.signals.keys()].filter((name) =>
            losses.some(({ signals }) => signals.has(name)),
          ),
          grows: losses.some(({ grows }) => grows),
          isExact: losses.every(({ isExact }) => isExact),
        },
      ];
    });
  const subscriptions = sum(kinds.map(({ affected }) => affected.subscriptions));
  return {
    removed: sum(kinds.map(({ removed }) => removed)),
    affected: {
      channels: sum(kinds.map(({ affected }) => affected.channels)),
      subscriptions,
      people: people === undefined ? null : Math.min(affectedPeople.size, subscriptions),
    },
    isExact: kinds.every(({ isExact }) => isExact),
    kinds,
  };
}

/** Over all the names that a channel has on the wire. */
function countByChannel(audience: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [wireName, count] of audience) {
    const channel = fromWireName(wireName)?.channel;
    if (channel !== undefined) counts.set(channel, (counts.get(channel) ?? 0) + count);
  }
  return counts;
}

const headOf = (name: string) => name.split(".", 1)[0] ?? "";
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
