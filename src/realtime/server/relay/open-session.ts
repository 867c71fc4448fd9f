import type { Clock } from "../../protocol/clock.ts";
import type { RelayLog, RelaySession } from "../ports.ts";
import { within } from "../within.ts";

const openMs = 10_000;

/**
 * Opens a session of the log. A session that opens after the deadline is closed, so that retries against a slow
 * database do not add up connections.
 *
 * @throws when the database does not answer in time, and any error of the database.
 */
export async function openSession(
  clock: Clock,
  log: RelayLog,
  events: Parameters<RelayLog["open"]>[0],
): Promise<RelaySession> {
  const opening = log.open(events);
  try {
    return await within(clock, openMs, "The database", opening);
  } catch (error) {
    void opening.then((session) => session.close()).catch(() => {});
    throw error;
  }
}
