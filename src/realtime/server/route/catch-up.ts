import type { CatchUpRequest, CatchUpResult } from "../../protocol/messages.ts";
import { encodeSignal } from "../../protocol/signal.ts";
import { toWireName } from "../../protocol/wire-name.ts";
import type { Ephemeral } from "../ephemeral/create-ephemeral.ts";
import type { SignalLog, Since } from "../ports.ts";
import type { Viewer } from "../viewer.ts";
import type { CursorCodec } from "./cursor.ts";
import { type DecideContext, decide, knownChannels } from "./decide.ts";
import type { Spread } from "./spread.ts";

/** The log's answer about one channel that the viewer may read. */
export interface CatchUpAnswer {
  readonly channel: string;
  readonly status: Since["status"];
  /** The position in the client's cursor; null without a cursor, or with one that cannot be decrypted. */
  readonly since: string | null;
  /** The position of the new cursor. */
  readonly until: string;
}

export interface CatchUpContext<V extends Viewer, Tx> extends DecideContext<V, Tx> {
  readonly log: SignalLog;
  readonly cursors: CursorCodec;
  readonly spread: Pick<Spread, "spreadMsOn">;
  readonly ephemeral?: Pick<Ephemeral, "replay">;
  readonly onCatchUp: (answers: readonly CatchUpAnswer[]) => void;
}

/** Returns the signals that the viewer missed on each channel. Access is decided by the viewer's current rights. */
export async function catchUp<V extends Viewer, Tx>(
  context: CatchUpContext<V, Tx>,
  viewer: V,
  request: CatchUpRequest,
): Promise<readonly CatchUpResult[]> {
  const { cursors, log } = context;
  const { contract } = context.authority;
  const view = await context.rollout?.current();
  const names = request.channels.map(({ channel }) => channel);
  const decisions = await decide(context, viewer, knownChannels(context.authority, names));
  const readable = request.channels.filter(
    ({ channel }) => decisions.get(channel)?.decision === "allowed",
  );
  const isEphemeral = ({ channel }: { readonly channel: string }) =>
    contract.kinds.get(contract.parse(channel).kind)?.ephemeral !== undefined;
  const allowed = readable.filter((each) => !isEphemeral(each));
  const replays = await replay(context, readable.filter(isEphemeral));
  const questions = await Promise.all(
    allowed.map(async ({ channel, cursor }) => ({
      channel,
      position: await cursors.open(channel, cursor),
      replayAtMost: view?.stages.options[contract.parse(channel).kind]?.replayAtMost,
    })),
  );
  const answers = questions.length === 0 ? new Map<string, Since>() : await log.since(questions);
  context.onCatchUp(
    questions.flatMap(({ channel, position }) => {
      const answer = answers.get(channel);
      if (answer === undefined) return [];
      return [{ channel, status: answer.status, since: position, until: answer.position }];
    }),
  );
  return Promise.all(
    names.map(async (channel): Promise<CatchUpResult> => {
      const decision = decisions.get(channel)?.decision;
      if (decision !== "allowed") return { channel, status: decision ?? "invalid" };
      const replayed = replays.get(channel);
      if (replayed !== undefined) return replayed;
      const answer = answers.get(channel);
      if (answer === undefined) return { channel, status: "unavailable" };
      const cursor = await cursors.seal(channel, answer.position);
      const wireName = toWireName(channel, answer.accessEpoch);
      const spreadMs = context.spread.spreadMsOn(wireName);
      const head = { channel, wireName, cursor, recent: answer.recent, spreadMs };
      if (answer.status !== "replay") return { ...head, status: answer.status };
      const { kind } = contract.parse(channel);
      const signals = answer.signals
        .filter(({ name }) => view?.isLive(viewer, kind, name) ?? true)
        .map((each) => ({ name: each.name, data: encodeSignal(each) }));
      return { ...head, status: "replay", signals };
    }),
  );
}

/** The kept messages of ephemeral channels. Read after the access epochs, so that no message is in neither. */
async function replay(
  { log, ephemeral, spread }: Pick<CatchUpContext<Viewer, unknown>, "log" | "ephemeral" | "spread">,
  channels: CatchUpRequest["channels"],
): Promise<ReadonlyMap<string, CatchUpResult>> {
  if (channels.length === 0) return new Map();
  const names = channels.map(({ channel }) => channel);
  const epochs = await log.accessEpochs(names);
  return new Map(
    names.flatMap((channel) => {
      const epoch = epochs.get(channel);
      if (epoch === undefined) return [];
      const wireName = toWireName(channel, epoch);
      const messages = ephemeral?.replay(channel) ?? [];
      const spreadMs = spread.spreadMsOn(wireName);
      return [[channel, { channel, status: "messages", wireName, messages, spreadMs }] as const];
    }),
  );
}
