import type { Clock } from "../../protocol/clock.ts";
import type { Broker, Delivery, LogPage, RelaySession } from "../ports.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { createFrameLimiter } from "./frame-limiter.ts";
import { mergeDeliveries } from "./merge-deliveries.ts";
import { createPagePublisher, type PageOutcome } from "./page-publisher.ts";
import { createPredecessorLinks } from "./predecessor-links.ts";
import { readAhead } from "./read-ahead.ts";
import type { RelayEvent } from "./relay-events.ts";

export interface PageDeliveryOptions {
  readonly session: RelaySession;
  /** Bounds the time of a statement of the session. */
  readonly answered: <Result>(work: PromiseLike<Result>) => Promise<Result>;
  readonly broker: Broker;
  readonly clock: Clock;
  readonly gate: Rollout["gate"];
  readonly frameLimit: Rollout["frameLimit"];
  readonly onEvent: (event: RelayEvent) => void;
  /** The position after which to read. */
  readonly start: string;
}

/** Delivers the log page by page, from the position of the last leader on. */
export interface PageDelivery {
  /** The position after the last page that was published or passed. */
  position(): string;
  /** Reads the next page, or several when there is a backlog. */
  read(): Promise<LogPage>;
  /** Whether there is something to publish: rows of the page, or signals whose wait has ended. */
  isDue(page: LogPage): boolean;
  /** Milliseconds until a waiting signal may be published; `Infinity` while none waits. */
  dueInMs(): number;
  /**
   * Publishes the page that was read last, and saves the position. When the broker does not accept it, the page has to
   * be read again, not only published again: a revocation in between changes the epoch of its channel.
   *
   * @param saves Default true.
   */
  publish(page: LogPage, saves?: boolean): Promise<DeliveryOutcome>;
  /** Passes a page without anything to publish. */
  pass(page: LogPage): void;
}

/** The broker did not accept the page, or refuses some of its frames. */
export type NotDelivered = Exclude<PageOutcome, { readonly status: "sent" }>;

export type DeliveryOutcome =
  | NotDelivered
  | {
      readonly status: "sent";
      /** The page with the signals that were published: those of the page, and those that waited. */
      readonly left: LogPage;
      /** Of these, the number that was switched on. */
      readonly switchedOn: number;
      /** The frames that the broker has accepted. */
      readonly frames: readonly Delivery[];
      /** Milliseconds from the read to the broker's acceptance. */
      readonly tookMs: number;
    };

/** Creates the delivery that a relay and a drain share. */
export function createPageDelivery(options: PageDeliveryOptions): PageDelivery {
  const { session, answered, broker, clock, gate, frameLimit, onEvent } = options;
  const links = createPredecessorLinks({ heads: (...asked) => answered(session.heads(...asked)) });
  const limiter = createFrameLimiter(clock);
  const publisher = createPagePublisher({
    broker,
    setAside: (rows) => answered(session.setAside(rows)),
    onEvent,
  });
  let position = options.start;
  let readAtMs = clock.now();
  let attempts = 0;

  return {
    position: () => position,
    read: async () => {
      const page = await readAhead((from) => answered(session.read(from)), position, clock);
      readAtMs = clock.now();
      return page;
    },
    isDue: ({ deliveries }) => deliveries.length > 0 || limiter.dueInMs() === 0,
    dueInMs: limiter.dueInMs,
    publish: async (page, saves = true) => {
      attempts += 1;
      const isOn = await gate(page.deliveries);
      const selection = limiter.select(page, await frameLimit());
      const switchedOn = selection.selected.filter(isOn);
      const left = { ...page, deliveries: selection.selected };
      const linked = await links.link(mergeDeliveries(switchedOn, broker.idsPerSignal), position);
      const outcome = await publisher.publish(left, linked);
      if (outcome.status !== "sent") {
        position = limiter.startOver(position);
        return outcome;
      }
      links.sent(linked);
      const tookMs = clock.now() - readAtMs;
      const noted = limiter.published(selection, outcome.frames, {
        since: position,
        signals: page.deliveries.length,
        withheld: selection.selected.length - switchedOn.length,
        frames: outcome.frames.length,
        attempts,
        tookMs,
      });
      if (noted !== undefined && saves) await answered(session.save(noted.position, noted.page));
      position = page.position;
      attempts = 0;
      return { ...outcome, left, switchedOn: switchedOn.length, tookMs };
    },
    pass: (page) => {
      position = page.position;
    },
  };
}
