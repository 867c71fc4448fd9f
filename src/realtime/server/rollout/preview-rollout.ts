import { type Contract, contract } from "../../protocol/channel.ts";
import { headOf } from "../../protocol/channel-pattern.ts";
import { fromWireName } from "../../protocol/wire-name.ts";
import type { Broker } from "../ports.ts";
import type { Viewer } from "../viewer.ts";
import { previewChannel } from "./preview-channel.ts";
import {
  createRollout,
  type RolloutOptions,
  type RolloutSettings,
  type RolloutView,
} from "./rollout.ts";

/** What current subscribers would lose by a change of the rollout. */
export interface RolloutPreview {
  /** Subscriptions that lose all signals of their channel. */
  readonly removed: number;
  /** Channels, subscriptions and viewers that lose at least one signal, over all kinds. */
  readonly affected: Affected;
  /** False where a number is an estimate, because the viewers behind some sockets are not known. */
  readonly isExact: boolean;
  /** Each kind that has subscriptions now. */
  readonly kinds: readonly KindPreview[];
}

/** Counts of what loses at least one signal. */
export interface Affected {
  readonly channels: number;
  /** One per socket and channel; all tabs of one browser share a socket. */
  readonly subscriptions: number;
  /** Distinct viewers. Null without {@link PreviewRolloutOptions.listeners}. */
  readonly people: number | null;
}

/** What the subscribers of one channel kind would lose. */
export interface KindPreview {
  readonly kind: string;
  /** Channels with at least one subscription now. */
  readonly channels: number;
  /** Current number of subscriptions, from the broker. */
  readonly subscriptions: number;
  /** Subscriptions that lose all signals. */
  readonly removed: number;
  readonly affected: Affected;
  /** Names of the signals that at least one subscription loses. */
  readonly signals: readonly string[];
  /** Whether a stage widens, so that an unknown number of further viewers may receive signals. */
  readonly grows: boolean;
  /** False where a number of this kind is an estimate. */
  readonly isExact: boolean;
}

/** Options of {@link previewRollout}. */
export interface PreviewRolloutOptions<V extends Viewer = Viewer>
  extends Pick<RolloutOptions<V>, "control" | "isStaff" | "audiences"> {
  readonly channels: { readonly [contract]: Contract };
  /** The current settings: `await rollout.current()`. */
  readonly view: Pick<RolloutView<V>, "stages" | "isLive">;
  /** The settings to change; the others stay as in `view`. */
  readonly change: RolloutSettings;
  readonly broker: Pick<Broker, "countSubscriptions">;
  /**
   * Returns the viewers on each of these channels, as far as the site has recorded who joined. With it the change
   * is decided for each viewer as the server does; without it, percentages give expected values.
   */
  readonly listeners?: (channels: readonly string[]) => Promise<ReadonlyMap<string, readonly V[]>>;
}

/**
 * Counts the current subscriptions that a change of stages or audiences would remove. Changes nothing.
 *
 * @throws {TypeError} when the broker does not count subscriptions.
 * @throws the broker's error when it cannot be reached.
 */
export async function previewRollout<V extends Viewer = Viewer>(
  options: PreviewRolloutOptions<V>,
): Promise<RolloutPreview> {
  const { channels, control, isStaff, audiences, view, change, broker, listeners } = options;
  if (broker.countSubscriptions === undefined) {
    throw new TypeError("This broker does not count subscriptions. Save without a preview.");
  }
  const counts = countByChannel(await broker.countSubscriptions());
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
            // Some recorded viewers have left: each present viewer has at least one subscription.
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

/** Sums the subscriptions over all wire names of a channel. */
function countByChannel(byWireName: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [wireName, count] of byWireName) {
    const channel = fromWireName(wireName)?.channel;
    if (channel !== undefined) counts.set(channel, (counts.get(channel) ?? 0) + count);
  }
  return counts;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
