import type { RelayHealth } from "querycast/server";
import { within } from "@/lib/within.ts";

/** Why a process is degraded or unavailable. The public report contains nothing else. */
export type HealthReason =
  | "database_unreachable"
  | "broker_unreachable"
  | "relay_disconnected"
  | "relay_blocked"
  | "relay_behind"
  /** No process has relayed signals for 30 seconds. */
  | "relay_missing";

export interface Readiness {
  /** `degraded`: pages are served and update by fetching, but signals are late or missing. */
  readonly status: "ok" | "degraded" | "unavailable";
  readonly reasons: readonly HealthReason[];
}

export interface ReadinessOptions {
  /** Resolves when the database has answered. */
  readonly database: () => Promise<unknown>;
  /** Resolves when the broker has answered; null without a broker, which is no error. */
  readonly broker: (() => Promise<unknown>) | null;
  /** Health of the relay of this process; null when it does not run one. */
  readonly relay: () => RelayHealth | null;
  /**
   * Milliseconds since the backlog was empty in any process; resolves with null if it never was. Null
   * itself: signals are not relayed.
   */
  readonly relayAgeMs: (() => Promise<number | null>) | null;
  /** A dependency that has not answered by then counts as unavailable. Default 2,000. */
  readonly deadlineMs?: number;
  /** A report is cached this long, so that frequent probes cost nothing. Default 1,000. */
  readonly keepMs?: number;
  /** Default `performance.now`. */
  readonly now?: () => number;
}

const longestLagMs = 10_000;
/** Longer than another relay needs to take over after a crash. */
const longestSilenceMs = 30_000;

/** Creates the readiness check. It never rejects. */
export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  const { database, broker, relay, deadlineMs = 2_000, keepMs = 1_000 } = options;
  const { now = () => performance.now() } = options;
  const startedAtMs = now();
  let last: { readonly at: number; readonly report: Promise<Readiness> } | undefined;

  async function ask(): Promise<Readiness> {
    let isRelayed = true;
    const askAge = async () => {
      const ageMs = (await options.relayAgeMs?.()) ?? null;
      // A site that has just started has not relayed anything yet.
      isRelayed = (ageMs ?? now() - startedAtMs) < longestSilenceMs;
    };
    const [hasDatabase, hasBroker] = await Promise.all([
      answers(database, deadlineMs),
      broker === null || answers(broker, deadlineMs),
      options.relayAgeMs === null || answers(askAge, deadlineMs),
    ]);
    const reasons: HealthReason[] = [
      ...(hasDatabase ? [] : ["database_unreachable" as const]),
      ...(hasBroker ? [] : ["broker_unreachable" as const]),
      ...relayReasons(relay()),
      ...(isRelayed ? [] : ["relay_missing" as const]),
    ];
    if (!hasDatabase) return { status: "unavailable", reasons };
    return { status: reasons.length === 0 ? "ok" : "degraded", reasons };
  }

  return () => {
    if (last === undefined || now() - last.at >= keepMs) last = { at: now(), report: ask() };
    return last.report;
  };
}

function relayReasons(health: RelayHealth | null): readonly HealthReason[] {
  if (health === null) return [];
  if (health.state === "blocked") return ["relay_blocked"];
  // The first attempt to connect is no error; a failed attempt is.
  if (health.state === "connecting" && health.attempts > 0) return ["relay_disconnected"];
  return health.lagMs > longestLagMs ? ["relay_behind"] : [];
}

/** Whether `question` resolves before the deadline. */
async function answers(question: () => Promise<unknown>, deadlineMs: number): Promise<boolean> {
  try {
    return await within(
      deadlineMs,
      question().then(() => true),
      false,
    );
  } catch {
    return false;
  }
}
