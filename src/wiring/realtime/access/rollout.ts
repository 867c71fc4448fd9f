import { and, eq, inArray, isNull, or } from "drizzle-orm";
import {
  createRollout,
  type Restrict,
  type Rollout,
  type RolloutOptions,
  type RolloutSettings,
  type Stage,
} from "querycast/server";
import type { Audience } from "@/channels/audiences.ts";
import { channels } from "@/channels/index.ts";
import type { Database } from "@/db/database.ts";
import { channelBans, channelSettings, phaseSettings } from "@/db/schema.ts";
import { env } from "@/lib/env.ts";
import { log } from "@/lib/logging/log.ts";
import { singleton } from "@/lib/singleton.ts";
import { toSetStage, toStage } from "@/lib/stage.ts";
import { database } from "../../database.ts";
import type { SiteViewer } from "./rules.ts";

const isStaff = ({ role }: SiteViewer) => role === "admin";

/** Membership of the audiences that a kind can be restricted to. */
const audiences: Readonly<Record<Audience, (viewer: SiteViewer) => boolean>> = {
  everyone: () => true,
  authors: ({ role }) => role === "author" || role === "admin",
  staff: isStaff,
};

/** The rollout: defaults of the environment, with the settings of admins on top. */
export const rollout = () =>
  singleton("rollout", () =>
    createSiteRollout(database(), {
      start: env().rollout,
      onError: (error) => log.warn("rollout settings could not be loaded", { error }),
    }),
  );

/** Membership in stages and audiences, for the rollout and its preview. */
export const membership = { control: "site", isStaff, audiences } as const;

export function createSiteRollout(
  from: Database,
  options: Pick<RolloutOptions<SiteViewer>, "start" | "onError"> & {
    /** Default: the contract of the site. */
    readonly channels?: RolloutOptions<SiteViewer>["channels"];
  },
): Rollout<SiteViewer> {
  return createRollout<SiteViewer>({
    channels,
    ...membership,
    read: () => readSettings(from),
    ...options,
  });
}

async function readSettings(from: Database): Promise<RolloutSettings> {
  const [phases, kinds] = await from.asRelay((tx) =>
    Promise.all([tx.select().from(phaseSettings), tx.select().from(channelSettings)]),
  );
  return {
    phases: Object.fromEntries(phases.map((row): [number, Stage] => [row.phase, toStage(row)])),
    kinds: Object.fromEntries(
      kinds.flatMap((row): [string, Stage][] => {
        const stage = toSetStage(row);
        return stage === null ? [] : [[row.kind, stage]];
      }),
    ),
    audiences: Object.fromEntries(kinds.map(({ kind, audience }) => [kind, audience])),
    options: Object.fromEntries(kinds.map(({ kind, options }) => [kind, options])),
  };
}

/** Creates the check that applies channel bans to a viewer. */
export function createBans(from: Database): Restrict<SiteViewer> {
  return async ({ id }, refs) => {
    const names = refs.map(({ name }) => name);
    const rows = await from.asRelay((tx) =>
      tx
        .select({ channel: channelBans.channel })
        .from(channelBans)
        .where(
          and(
            or(isNull(channelBans.userId), eq(channelBans.userId, id)),
            or(isNull(channelBans.channel), inArray(channelBans.channel, names)),
          ),
        ),
    );
    return new Set(rows.flatMap(({ channel }) => channel ?? names));
  };
}
