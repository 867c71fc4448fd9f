import { previewRollout, type RolloutPreview } from "querycast/server";
import { assertAdmin } from "@/auth/assert-admin.ts";
import type { Audience } from "@/channels/audiences.ts";
import { channels } from "@/channels/index.ts";
import { env } from "@/lib/env.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { Stage } from "@/lib/stage.ts";
import { auth } from "../../auth.ts";
import { database } from "../../database.ts";
import { broker, hub } from "../broker/broker.ts";
import { listListeners } from "../broker/list-listeners.ts";
import { membership, rollout } from "./rollout.ts";

/** A rollout change as the actions take it. A null stage resets to the default of the environment. */
export interface RolloutChange {
  readonly kinds?: Readonly<Record<string, Stage | null>>;
  readonly phases?: Readonly<Record<number, Stage | null>>;
  readonly audiences?: Readonly<Record<string, Audience>>;
}

/** A preview, and whether streams serve the pages, so that it counts those of this process alone. */
export interface SitePreview extends RolloutPreview {
  readonly countsOneProcess: boolean;
}

const nothing: SitePreview = {
  removed: 0,
  affected: { channels: 0, subscriptions: 0, people: 0 },
  isExact: true,
  kinds: [],
  countsOneProcess: false,
};

/**
 * Previews for admins which people who are subscribed now would lose live updates.
 *
 * @throws {AppError} `forbidden` for other viewers, `unavailable` when the broker does not count.
 */
export async function previewChange(change: RolloutChange): Promise<SitePreview> {
  const viewer = await auth().getViewer();
  assertAdmin(viewer);
  const target = broker();
  if (target === null) return nothing;
  const start = env().rollout;
  const preview = previewRollout({
    channels,
    ...membership,
    view: await rollout().current(),
    change: {
      kinds: withStart(change.kinds, start.kinds),
      phases: withStart(change.phases, start.phases),
      audiences: change.audiences ?? {},
    },
    broker: target,
    listeners: (names) => listListeners(database(), viewer, names),
  });
  const counted = await preview.catch((cause: unknown) => {
    throw new AppError(
      "unavailable",
      "The broker does not report subscriptions now. Try again in a moment.",
      {
        cause,
      },
    );
  });
  return { ...counted, countsOneProcess: hub() !== null };
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
