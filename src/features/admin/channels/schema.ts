import { type KindOptions, kindOptionBounds } from "querycast";
import { z } from "zod";
import { audiences } from "@/channels/audiences.ts";
import { isChannelName, noSuchChannel } from "@/channels/channel-name.ts";
import { kinds } from "@/channels/index.ts";
import type { Stage } from "@/lib/stage.ts";
import type { Names } from "@/lib/text/names.ts";
import { typedText } from "@/lib/text/typed-text.ts";

export const stage = z.discriminatedUnion("status", [
  z.object({ status: z.literal("off") }),
  z.object({ status: z.literal("staff") }),
  z.object({
    status: z.literal("percent"),
    percent: z
      .number({ error: "Enter a percentage from 0 to 100." })
      .int({ error: "Enter a whole percentage from 0 to 100." })
      .min(0, { error: "Enter a percentage from 0 to 100." })
      .max(100, { error: "Enter a percentage from 0 to 100." }),
  }),
  z.object({ status: z.literal("on") }),
]) satisfies z.ZodType<Stage>;

/** All kinds but "site", on which changes are announced. */
export const switchableKinds = Object.keys(kinds).filter((kind) => kind !== "site");

const kind = z.enum(switchableKinds, {
  error: `Unknown kind of channel. Use one of ${switchableKinds.join(", ")}.`,
});

export const setPhaseInput = z.object({
  phase: z.number().int().min(1).max(99),
  /** Null: reset to the default of the environment. */
  stage: stage.nullable(),
});
export type SetPhaseInput = z.infer<typeof setPhaseInput>;

/** Null: the limit of the library. */
const option = (name: keyof KindOptions) => {
  const { least, most } = kindOptionBounds[name];
  const error = `Enter a whole number from ${least} to ${most}, or leave it empty.`;
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error }).nullable();
};

export const setChannelInput = z.object({
  kind,
  /** Null: the default of the environment. */
  stage: stage.nullable(),
  audience: z.enum(audiences).default("everyone"),
  framesPerSecond: option("framesPerSecond").default(null),
  replayAtMost: option("replayAtMost").default(null),
});
export type SetChannelInput = z.input<typeof setChannelInput>;

const channel = typedText()
  .max(164, { error: "The name of a channel has at most 164 characters." })
  .refine(isChannelName, { error: ({ input }) => noSuchChannel(String(input)) })
  .refine((name) => name !== "site", {
    error: 'The channel "site" carries these settings and cannot be banned.',
  });

export const banChannelInput = z
  .object({
    /** Handle of a person; null bans all people from the channel. */
    person: typedText().trim().max(41, { error: "A handle has at most 40 characters." }).nullable(),
    /** Null bans the person from every channel. */
    channel: channel.nullable(),
    reason: typedText()
      .trim()
      .max(500, { error: "A reason has at most 500 characters." })
      .default(""),
  })
  .refine(({ person, channel: name }) => person !== null || name !== null, {
    error: "Enter a person, a channel, or both.",
  });
export type BanChannelInput = z.input<typeof banChannelInput>;

export const liftChannelBanInput = z.object({ banId: z.uuid() });
export type LiftChannelBanInput = z.infer<typeof liftChannelBanInput>;

/** Who changed a setting, and when. */
export interface SetBy {
  readonly changedBy: string | null;
  readonly changedAt: string;
}

export interface SetPhase extends SetBy {
  readonly phase: number;
  readonly stage: Stage;
}

export interface SetKind extends SetBy {
  readonly kind: string;
  /** Null: the default of the environment. */
  readonly stage: Stage | null;
  readonly audience: string;
  readonly options: KindOptions;
}

export interface RolloutSettingsView {
  /** Settings of admins; others have the default of the environment. */
  readonly phases: readonly SetPhase[];
  readonly kinds: readonly SetKind[];
  readonly bans: readonly ChannelBan[];
  /** Names of the people and channels in the bans. */
  readonly names: Names;
}

export interface ChannelBan {
  readonly id: string;
  readonly userId: string | null;
  readonly channel: string | null;
  readonly reason: string;
  readonly createdAt: string;
}

/** The rollout for admins: declared kinds, settings, and subscriptions. */
export interface RolloutView {
  readonly kinds: readonly KindView[];
  readonly phases: readonly PhaseView[];
  readonly bans: readonly ChannelBan[];
  /** Names of the people and channels in the bans. */
  readonly names: Names;
  /** False when the broker does not report subscriptions: counts are then 0. */
  readonly isCounted: boolean;
  /** Number of sockets: each browser of a signed-in person has one, subscribed to "site". */
  readonly connections: number;
  /** Whether the counts are those of the process that answered. */
  readonly countsOneProcess: boolean;
}

export interface KindView {
  readonly kind: string;
  readonly pattern: string;
  /** Phases of the rows on it. */
  readonly phases: readonly number[];
  readonly rows: readonly string[];
  readonly stage: Stage;
  readonly audience: string;
  readonly options: KindOptions;
  /** Whether an admin has set the stage; else it is the default of the environment. */
  readonly isSet: boolean;
  /** Channels with subscriptions. */
  readonly channels: number;
  /** Subscriptions to them. */
  readonly subscriptions: number;
}

export interface PhaseView {
  readonly phase: number;
  readonly rows: readonly string[];
  readonly stage: Stage;
  readonly isSet: boolean;
}

/** What a change removes from the people who are subscribed now, before it is saved. */
export interface ChangePreview {
  /** Number of people who lose live updates; null when not known. */
  readonly people: number | null;
  /** Number of channels with lost subscriptions. */
  readonly channels: number;
  /** Number of lost subscriptions. */
  readonly subscriptions: number;
  /** Titles of the live data that loses its updates. */
  readonly losses: readonly string[];
  /** Whether more people may receive live updates than now. */
  readonly grows: boolean;
  /** False when a number is an estimate. */
  readonly isExact: boolean;
  /** Whether only the streams of the process that answered are counted. */
  readonly countsOneProcess: boolean;
}
