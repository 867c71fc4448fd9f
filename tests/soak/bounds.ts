import { requestTimeoutMs } from "@/realtime/client/api.ts";
import { reorderMs, repair } from "@/realtime/client/session.ts";
import { pollJitter, pollMs } from "@/realtime/client/status-watch.ts";
import { overdueMs, sweepMs } from "@/realtime/query/scheduler.ts";
import { pollMs as relayPollMs } from "@/realtime/server/create-relay.ts";
import { delaysMs as echoDelaysMs } from "@/realtime/server/tail-repeats.ts";

/** A read is wanted: the query is not live once that read is overdue (U5). */
const unreadMs = overdueMs + sweepMs;

/**
 * Longest time, in ms, for which a query may be live and show what is no longer true while one relay
 * leads and delivers (K7, K8). The relay reads the log and sends the frame and its two repetitions, each
 * up to one poll late. The page lost all but the last one, waits for the predecessor, and asks for it.
 */
export const lostFrameMs =
  3 * relayPollMs +
  echoDelaysMs.reduce((sum, delayMs) => sum + delayMs) +
  reorderMs +
  repair.lastMs +
  requestTimeoutMs +
  unreadMs;

/**
 * The same, in ms, whatever the relay does (K14, K15): a visible page asks for its positions, is answered
 * with what it missed or with the silence of the relay, and catches up.
 */
export const positionsMs = pollMs * (1 + pollJitter) + 2 * requestTimeoutMs + unreadMs;
