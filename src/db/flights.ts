import { type Envelope, enter, enterPooled } from "./envelope.ts";
import type { Lane } from "./lane.ts";

/** The pipelined statements of a read. */
export interface Flights {
  /** Call it before each query is sent. */
  board(): void;
  /** Rejects when a transaction could not be opened. */
  opened(): Promise<unknown>;
  /** Resolves when every COMMIT has been answered. */
  landed(): Promise<unknown>;
}

/**
 * Pipelines BEGIN, the session context, all queries that are issued together, and COMMIT, without waiting
 * for a response in between. Queries issued after a response form another pipeline: in a READ COMMITTED
 * transaction each statement has its own snapshot anyway, so a read loses nothing, and no connection is
 * idle inside a transaction while the application works.
 */
export function createFlights(lane: Lane, envelope: Envelope): Flights {
  const openings: Promise<unknown>[] = [];
  const landings: Promise<unknown>[] = [];
  let boarding = false;
  return {
    board() {
      if (boarding) return;
      boarding = true;
      openings.push(openTransaction(lane, envelope));
      const landing = new Promise((resolve) => {
        // Runs before postgres.js writes to the socket, since its own immediate is queued after this one.
        setImmediate(() => {
          boarding = false;
          resolve(lane.sql.unsafe("commit").execute());
        });
      });
      landing.catch(() => {}); // reported by landed()
      landings.push(landing);
    },
    opened: () => Promise.all(openings),
    landed: () => Promise.all(landings),
  };
}

/** Opens the transaction at once. Await the result to learn why later statements fail. */
export function openTransaction(lane: Lane, envelope: Envelope): Promise<unknown> {
  const text = lane.isPooled ? enterPooled(envelope, lane.settings) : enter(envelope);
  const opened: Promise<unknown> = lane.sql.unsafe(text).execute();
  opened.catch(() => {}); // handled by the caller that awaits it
  return opened;
}
