import type { Clock } from "../../protocol/clock.ts";
import type { LogPage } from "../ports.ts";
import { type RelayHealth, stoppedHealth } from "./relay-events.ts";

/** What a relay reports about itself. */
export interface RelayState {
  note(change: Partial<RelayHealth>): void;
  /** Notes a page that is about to be published. */
  read(page: LogPage): void;
  /** Notes a page that was published, with the number of its signals. */
  published(page: LogPage, signals: number): void;
  /** Notes that everything committed has been delivered. */
  caughtUp(): void;
  /** Age of the oldest signal of the page that was read last. */
  lagMs(): number;
  health(): RelayHealth;
}

export function createRelayState(clock: Pick<Clock, "now">): RelayState {
  let health = stoppedHealth;
  let readAtMs = clock.now();
  let caughtUpAtMs: number | undefined;
  const note = (change: Partial<RelayHealth>) => {
    health = { ...health, ...change };
  };
  const lagMs = () => health.lagMs + (clock.now() - readAtMs);
  return {
    note,
    read: ({ deliveries, more, lagMs: age }) => {
      readAtMs = clock.now();
      note({ backlog: deliveries.length, more, lagMs: age });
    },
    published: ({ more }, signals) => {
      const published = health.published + signals;
      note({ state: "leading", backlog: 0, more, lagMs: 0, attempts: 0, published });
    },
    caughtUp: () => {
      caughtUpAtMs = clock.now();
    },
    lagMs,
    health: () => ({
      ...health,
      lagMs: health.backlog === 0 ? health.lagMs : lagMs(),
      caughtUpMsAgo: caughtUpAtMs === undefined ? undefined : clock.now() - caughtUpAtMs,
    }),
  };
}
