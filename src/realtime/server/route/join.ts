import type { JoinRequest, JoinResult } from "../../protocol/messages.ts";
import { toWireName } from "../../protocol/wire-name.ts";
import type { SignalLog, Signer } from "../ports.ts";
import type { Viewer } from "../viewer.ts";
import { type DecideContext, decide, knownChannels } from "./decide.ts";
import type { Spread } from "./spread.ts";

export interface JoinContext<V extends Viewer, Tx> extends DecideContext<V, Tx> {
  /** Signer of the app that the socket is connected to. */
  readonly signer: Pick<Signer, "signJoin">;
  readonly spread: Pick<Spread, "spreadMsOn">;
  readonly log: SignalLog;
}

/**
 * Signs the wire names of the channels that a viewer may join.
 *
 * Reads the access epochs before it runs the rules. If access is revoked in between, the signature is for the old
 * wire name, which carries no signals any more. In the opposite order it would be for the new name.
 */
export async function join<V extends Viewer, Tx>(
  context: JoinContext<V, Tx>,
  viewer: V,
  { socketId, channels }: JoinRequest,
): Promise<readonly JoinResult[]> {
  const known = knownChannels(context.authority, channels);
  if (known.length === 0) return channels.map((channel) => ({ channel, status: "invalid" }));
  const epochs = await context.log.accessEpochs(known.map(({ name }) => name));
  const decisions = await decide(context, viewer, known);
  return Promise.all(
    channels.map(async (channel): Promise<JoinResult> => {
      const decision = decisions.get(channel)?.decision;
      const epoch = epochs.get(channel);
      if (decision !== "allowed") return { channel, status: decision ?? "invalid" };
      if (epoch === undefined) return { channel, status: "unavailable" };
      const wireName = toWireName(channel, epoch);
      const auth = await context.signer.signJoin(socketId, wireName, viewer);
      const spreadMs = context.spread.spreadMsOn(wireName);
      return { channel, status: "joined", wireName, auth, spreadMs };
    }),
  );
}
