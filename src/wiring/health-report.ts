import type { RelayHealth } from "querycast/server";

/** Why a process is not wholly well. All that strangers are told. */
export type HealthReason =
  | "database_unreachable"
  | "broker_unreachable"
  | "relay_disconnected"
  | "relay_blocked"
  | "relay_behind"
  /** No process has delivered signals for a while. */
  | "relay_missing";

export interface Readiness {
  /** `degraded`: pages are served, and stay right by fetching; signals are late or away. */
  readonly status: "ok" | "degraded" | "unavailable";
  readonly reasons: readonly HealthReason[];
}

export interface ReadinessOptions {
  /** Resolves when the database has answered. */
  readonly database: () => Promise<unknown>;
  /** Resolves when the broker has answered; null where none is configured, which is no fault. */
  readonly broker: (() => Promise<unknown>) | null;
  /** Of this process; null where it does not relay. */
  readonly relay: () => RelayHealth | null;
  /**
   * Milliseconds since any process had delivered everything; resolves with null if none ever has. Null in its
   * place: there is nothing to deliver to.
   */
  readonly relayAgeMs: (() => Promise<number | null>) | null;
  /** A part that has not answered by then counts as away. Default 2,000. */
  readonly deadlineMs?: number;
  /** An answer serves everybody who asks within this time: asking often costs nothing. Default 1,000. */
  readonly keepMs?: number;
  /** Default `performance.now`. */
  readonly now?: () => number;
}

const longestLagMs = 10_000;
/** Longer than a relay needs to take over from one that has crashed. */
const longestSilenceMs = 30_000;

/** Makes the question whether a process is ready; it never rejects. */
export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  const { database, broker, relay, deadlineMs = 2_000, keepMs = 1_000 } = options;
  const { now = () => performance.now() } = options;
  const startedAtMs = now();
  let last: { readonly at: number; readonly report: Promise<Readiness> } | undefined;

  async function ask(): Promise<Readiness> {
    let isRelayed = true;
    const askAge = async () => {
      const ageMs = (await options.relayAgeMs?.()) ?? null;
      // A site that has just started has not relayed yet.
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
  // Connecting for the first time is no fault; having failed to is.
  if (health.state === "connecting" && health.attempts > 0) return ["relay_disconnected"];
  return health.lagMs > longestLagMs ? ["relay_behind"] : [];
}

/** Whether `question` is answered in time. */
async function answers(question: () => Promise<unknown>, deadlineMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), deadlineMs);
  });
  try {
    return await Promise.race([question().then(() => true), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
