import { requestTimeoutMs } from "@/realtime/client/api.ts";
import { repair } from "@/realtime/client/channels/catch-up.ts";
import { reorderMs } from "@/realtime/client/channels/frame-order.ts";
import { pollJitter, pollMs } from "@/realtime/client/rollout/status-watch.ts";
import { overdueMs, sweepMs } from "@/realtime/query/scheduler/scheduler.ts";
import { pollMs as relayPollMs } from "@/realtime/server/relay/lead.ts";
import { delaysMs as echoDelaysMs } from "@/realtime/server/relay/tail-repeats.ts";

/** A query with a pending read is not live once that read is overdue (U5). */
const unreadMs = overdueMs + sweepMs;

/**
 * Longest time, in ms, for which a query may be live and stale while one relay leads and delivers (K7, K8).
 * Worst case: the relay sends the frame and its two repeats, each up to one poll late. The page receives
 * only the last one, waits for the predecessor, and requests it.
 */
export const lostFrameMs =
  3 * relayPollMs +
  echoDelaysMs.reduce((sum, delayMs) => sum + delayMs) +
  reorderMs +
  repair.lastMs +
  requestTimeoutMs +
  unreadMs;

/**
 * The same bound, in ms, for any state of the relay (K14, K15): a visible page requests its positions, learns
 * that it missed signals or that the relay is down, and catches up.
 */
export const positionsMs = pollMs * (1 + pollJitter) + 2 * requestTimeoutMs + unreadMs;
