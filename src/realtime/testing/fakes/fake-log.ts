import type { ChannelPosition, ReplayedSignal } from "../../protocol/messages.ts";
import { decodeSignal, encodeSignal, type Signal } from "../../protocol/signal.ts";

/** A signal log in memory, as the route reads it. A cursor is `epoch/position`. */
export function createFakeLog() {
  const logs = new Map<string, ReplayedSignal[]>();
  let epoch = 0;
  /** Added to it, for channels whose own cursors were invalidated. */
  const epochs = new Map<string, number>();

  const signalsOf = (channel: string) => logs.get(channel) ?? [];
  const epochOf = (channel: string) => String(epoch + (epochs.get(channel) ?? 0));
  const idOf = ({ name, data }: ReplayedSignal) => decodeSignal(name, data).id;
  /** The signals after a cursor. Undefined when the cursor is invalid. */
  const after = (channel: string, cursor: string | null) => {
    const [cursorEpoch, position] = (cursor ?? "").split("/");
    return cursorEpoch === epochOf(channel)
      ? signalsOf(channel).slice(Number(position))
      : undefined;
  };

  return {
    append: (channel: string, signal: Signal) => {
      const next = { name: signal.name, data: encodeSignal(signal) };
      logs.set(channel, [...signalsOf(channel), next]);
    },
    /** Invalidates all cursors, or those of a channel. */
    forget: (channel?: string) => {
      if (channel === undefined) epoch += 1;
      else epochs.set(channel, (epochs.get(channel) ?? 0) + 1);
    },
    /** The log's part of the answer to a catch-up. */
    since: (channel: string, cursor: string | null) => {
      const signals = signalsOf(channel);
      const head = {
        cursor: `${epochOf(channel)}/${signals.length}`,
        recent: signals.slice(-4).map(idOf),
      };
      const missed = after(channel, cursor);
      if (missed === undefined) return { ...head, status: "gap" } as const;
      if (missed.length === 0) return { ...head, status: "upToDate" } as const;
      return { ...head, status: "replay", signals: missed } as const;
    },
    isBehind: ({ channel, cursor, last }: ChannelPosition): boolean => {
      const missed = after(channel, cursor);
      if (missed === undefined) return true;
      const youngest = missed.at(-1);
      return youngest !== undefined && idOf(youngest) !== last;
    },
  };
}
