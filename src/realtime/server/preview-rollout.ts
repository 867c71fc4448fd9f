import { type Contract, contract } from "../protocol/channel.ts";
import type { Broker } from "./ports.ts";
import { phasesOf, type RolloutSettings, type RolloutView } from "./rollout.ts";
import type { Stage } from "./stage.ts";

/** What a change of the rollout would do to those who listen now. */
export interface RolloutPreview {
  /** Subscriptions that would end. */
  readonly removed: number;
  /** Each kind with somebody on it. */
  readonly kinds: readonly KindPreview[];
}

export interface KindPreview {
  readonly kind: string;
  /** Subscriptions as the broker counts them now: one per socket and channel. */
  readonly subscriptions: number;
  /** How many of these would stay. Exact for off and on; for a percentage what is to be expected. */
  readonly kept: number;
  /** Whether more people could listen than can now; how many will is not known. */
  readonly grows: boolean;
}

export interface PreviewRolloutOptions {
  readonly channels: { readonly [contract]: Contract };
  /** What holds now: `await rollout.current()`. */
  readonly view: Pick<RolloutView, "stages">;
  readonly change: RolloutSettings;
  readonly broker: Pick<Broker, "audience">;
}

/**
 * Tells before a change of stages is saved what it will do. Nothing is changed.
 *
 * @throws {TypeError} when the broker does not count, and what it fails with otherwise.
 */
export async function previewRollout(options: PreviewRolloutOptions): Promise<RolloutPreview> {
  const { channels, view, change, broker } = options;
  if (broker.audience === undefined) {
    throw new TypeError("This broker does not tell how many listen. Save without a preview.");
  }
  const counts = countByKind(channels[contract], await broker.audience());
  const before = view.stages;
  const after = {
    kinds: { ...before.kinds, ...change.kinds },
    phases: { ...before.phases, ...change.phases },
  };
  const kinds = [...counts]
    .filter(([kind]) => kind in before.kinds)
    .map(([kind, subscriptions]): KindPreview => {
      const [now, then] = [before, after].map((stages) =>
        shareOf(channels[contract], stages, kind),
      );
      const [from = 1, to = 1] = [now, then];
      const kept = to >= from ? subscriptions : Math.round((subscriptions * to) / from);
      return { kind, subscriptions, kept, grows: to > from };
    });
  return {
    removed: kinds.reduce((sum, { subscriptions, kept }) => sum + subscriptions - kept, 0),
    kinds,
  };
}

function countByKind(
  { kinds }: Contract,
  audience: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const kindByHead = new Map([...kinds].map(([kind, { pattern }]) => [headOf(pattern), kind]));
  const counts = new Map<string, number>();
  for (const [wireName, count] of audience) {
    const kind = kindByHead.get(headOf(wireName.replace(/^private-/, "").replace(/\.e\d+$/, "")));
    if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + count);
  }
  return counts;
}

/** Of all people, 0 to 1. Staff are few, and count as nobody. */
function shareOf({ kinds }: Contract, stages: RolloutSettings, kind: string): number {
  const definition = kinds.get(kind);
  if (definition === undefined) return 1;
  // Each phase takes in people of its own: a channel is left by whoever is in none of them.
  const outOfAll = [...new Set(phasesOf(definition))].reduce(
    (rest, phase) => rest * (1 - shareIn(stages.phases?.[phase])),
    1,
  );
  return shareIn(stages.kinds?.[kind]) * (1 - outOfAll);
}

function shareIn(stage: Stage | undefined): number {
  if (stage?.status === "percent") return stage.percent / 100;
  return stage === undefined || stage.status === "on" ? 1 : 0;
}

const headOf = (name: string) => name.split(".", 1)[0] ?? "";
