import { previewRollout, type RolloutPreview } from "querycast/server";
import { assertAdmin } from "@/auth/assert-admin.ts";
import { AppError } from "@/lib/app-error.ts";
import { env } from "@/lib/env.ts";
import type { Stage } from "@/lib/stage.ts";
import { auth } from "./auth.ts";
import { broker } from "./broker.ts";
import { channels } from "./inventory.ts";
import { rollout } from "./rollout.ts";

/** As the verbs take it; null goes back to what the environment starts with. */
export interface RolloutChange {
  readonly kinds?: Readonly<Record<string, Stage | null>>;
  readonly phases?: Readonly<Record<number, Stage | null>>;
}

/**
 * What a change of the rollout would do to those who listen now, for admins.
 *
 * @throws {AppError} `forbidden` for anybody else, `unavailable` when the broker does not tell.
 */
export async function previewChange(change: RolloutChange): Promise<RolloutPreview> {
  assertAdmin(await auth().getViewer());
  const target = broker();
  if (target === null) return { removed: 0, kinds: [] };
  const start = env().rollout;
  const preview = previewRollout({
    channels,
    view: await rollout().current(),
    change: {
      kinds: withStart(change.kinds, start.kinds),
      phases: withStart(change.phases, start.phases),
    },
    broker: target,
  });
  return preview.catch((cause: unknown) => {
    throw new AppError("unavailable", "The broker does not say who listens. Try again.", { cause });
  });
}

function withStart(
  stages: Readonly<Record<string, Stage | null>> = {},
  start: Readonly<Record<string, Stage>>,
): Record<string, Stage> {
  const entries = Object.entries(stages);
  return Object.fromEntries(
    entries.map(([name, stage]) => [name, stage ?? start[name] ?? { status: "on" }]),
  );
}
