import { fullJitterMs } from "../../protocol/back-off.ts";
import { decodeSignal } from "../../protocol/signal.ts";
import { inBatches } from "./batches.ts";
import type { Join } from "./channel.ts";
import { reorderMs, takeMissing } from "./frame-order.ts";
import { begin, changeEpoch, inState, report, type SessionState, settle } from "./joins.ts";

/** How long acknowledged channels wait for others, so that they catch up in one request. */
const gatherMs = 50;
/** Window of the catch-up after a lost frame: other clients may have lost the same frame. */
export const repair = { firstMs: 2_000, lastMs: 2_000 };

/** Plans the catch-up of the acknowledged channels. */
export function planCatchUp(session: SessionState): void {
  const { cursors } = session.channels;
  session.cancelCatchUp?.();
  if (session.isCatchUpHeld) return;
  const isComplete = inState(session, "queued", "joining", "subscribing").length === 0;
  session.cancelCatchUp = session.timers.after(isComplete ? 0 : gatherMs, () => {
    const bytesOf = ({ channel: { name } }: Join) =>
      name.length + (cursors.get(name)?.length ?? 4) + 30;
    for (const batch of inBatches(inState(session, "acknowledged"), bytesOf)) {
      void catchUp(session, batch);
    }
  });
}

async function catchUp(session: SessionState, batch: readonly Join[]): Promise<void> {
  const { api, channels, delivery } = session;
  const still = begin(batch, "catching-up");
  // Signals sent before this request were committed before it, so that its response covers them.
  for (const join of batch) join.early.clear();
  const answer = await api.catchUp(
    batch.map(({ channel: { name } }) => ({
      channel: name,
      cursor: channels.cursors.get(name) ?? null,
    })),
  );
  settle(session, answer, still("catching-up"), (join, result) => {
    const { channel } = join;
    if (!("messages" in result || "cursor" in result)) return;
    join.state = "live";
    join.attempts = 0;
    if ("messages" in result) {
      for (const { data, ageMs } of result.messages) delivery.message(channel, data, ageMs);
      for (const { data, atMs } of join.heldMessages?.splice(0) ?? []) {
        delivery.message(channel, data, session.timers.now() - atMs);
      }
    } else {
      channels.cursors.set(channel.name, result.cursor);
      channel.cursorAtMs = session.timers.now();
      if (result.status === "gap") delivery.gap(channel);
      for (const { name, data } of result.status === "replay" ? result.signals : []) {
        delivery.signal(channel, decodeSignal(name, data));
      }
      for (const id of result.recent ?? []) channels.seen.add(channel.name, id);
    }
    if ((result.wireName ?? join.wireName) !== join.wireName) changeEpoch(session, join);
    else if (join.early.size > 0) planRepair(session);
  });
}

/** Plans the catch-up of the live channels with missing frames, unless these arrive in the meantime. */
export function planRepair(session: SessionState): void {
  if (session.isRepairPlanned) return;
  session.isRepairPlanned = true;
  const { timers, random, channels } = session;
  const early = inState(session, "live").filter((join) => join.early.size > 0);
  const spreadMs = Math.max(...early.map(({ channel }) => session.spreadMs(channel)));
  timers.after(reorderMs + fullJitterMs(random, 0, repair, spreadMs), () => {
    session.isRepairPlanned = false;
    const behind = inState(session, "live").filter((join) =>
      takeMissing(join, (id) => channels.seen.has(join.channel.name, id)),
    );
    for (const join of behind) join.state = "acknowledged";
    if (behind.length === 0) return;
    planCatchUp(session);
    report(session);
  });
}
