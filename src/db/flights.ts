import { type Envelope, enter, enterPooled } from "./envelope.ts";
import type { Lane } from "./lane.ts";

/** How a reader's queries travel. */
export interface Flights {
  /** To be called before each query is sent. */
  board(): void;
  /** Rejects when a transaction could not be opened. */
  opened(): Promise<unknown>;
  /** Resolves when every COMMIT has been answered. */
  landed(): Promise<unknown>;
}

/**
 * Sends BEGIN, the identity, whatever queries are issued together, and COMMIT in one flight, waiting
 * for no answer in between. Queries issued after an answer make a flight of their own: a READ
 * COMMITTED transaction gives each statement its own snapshot anyway, so a reader loses nothing by it,
 * and no connection idles inside a transaction while we think.
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
        // Before postgres.js, whose own immediate comes after this one, writes to the socket.
        setImmediate(() => {
          boarding = false;
          resolve(lane.sql.unsafe("commit").execute());
        });
      });
      landing.catch(() => {}); // told by landed()
      landings.push(landing);
    },
    opened: () => Promise.all(openings),
    landed: () => Promise.all(landings),
  };
}

/** Sent at once; await it to learn why nothing that follows works. */
export function openTransaction(lane: Lane, envelope: Envelope): Promise<unknown> {
  const text = lane.isPooled ? enterPooled(envelope, lane.settings) : enter(envelope);
  const opened: Promise<unknown> = lane.sql.unsafe(text).execute();
  opened.catch(() => {}); // handled by the caller that awaits it
  return opened;
}
