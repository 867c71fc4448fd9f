import type { Clock } from "../../protocol/clock.ts";
import { epochChangedFrame } from "../../protocol/epoch-changed.ts";
import { fromWireName } from "../../protocol/wire-name.ts";
import type { Broker, Delivery, RelaySession } from "../ports.ts";
import { probeFrame } from "./page-publisher.ts";
import type { RelayEvent } from "./relay-events.ts";

/** Attempts to list subscriptions. A broker that accepts frames but fails each time cannot list them at all. */
const listAttempts = 3;

/**
 * Notifies all subscribers that the database was restored, by the notice of a changed epoch: they join again and
 * catch up. Their cursors are unknown to the restored log, so catch-up is a gap. Idempotent.
 *
 * @returns false when the broker cannot list subscriptions. Clients then detect the restore by the next signal on
 * their channel or by their next catch-up.
 * @throws the broker's error when it does not accept frames either.
 */
export async function announceRestored(broker: Broker, position: string): Promise<boolean> {
  const wireNames = await listSubscribed(broker);
  if (wireNames === undefined) return false;
  await publishEpochChanged(broker, wireNames, position.slice(0, 32));
  return true;
}

/** Makes the subscribers of these wire names join again. */
export async function publishEpochChanged(
  broker: Pick<Broker, "publish">,
  wireNames: readonly string[],
  id: string,
): Promise<void> {
  const signal = epochChangedFrame(id);
  const notices = wireNames.flatMap((wireName): Delivery[] => {
    const name = fromWireName(wireName);
    return name === undefined ? [] : [{ ...name, signal }];
  });
  if (notices.length > 0) await broker.publish(notices);
}

async function listSubscribed(broker: Broker): Promise<readonly string[] | undefined> {
  for (
    let attempt = 0;
    broker.countSubscriptions !== undefined && attempt < listAttempts;
    attempt += 1
  ) {
    const counts = await broker.countSubscriptions().catch(() => undefined);
    if (counts !== undefined) return [...counts.keys()];
    await broker.publish([probeFrame]);
  }
  return undefined;
}

export interface RestoreCheckOptions {
  readonly session: Pick<RelaySession, "isRestored" | "save">;
  readonly broker: Broker;
  readonly clock: Pick<Clock, "now">;
  readonly answered: <Result>(work: PromiseLike<Result>) => Promise<Result>;
  readonly onEvent: (event: RelayEvent) => void;
  /** Called when the broker did not accept the announcement, which the next check repeats. */
  readonly onFailure: (error: unknown) => void;
  /** Interval of the check. */
  readonly everyMs: number;
}

/** Announces a restore that a leader found when it began, and detects a later one. */
export interface RestoreCheck {
  /** Whether the restore at the beginning has not been announced yet. */
  isPending(): boolean;
  /** @returns whether the log was restored since this leader began */
  check(position: string): Promise<boolean>;
}

export async function createRestoreCheck(options: RestoreCheckOptions): Promise<RestoreCheck> {
  const { session, broker, clock, answered, onEvent, onFailure, everyMs } = options;
  let pending = await answered(session.isRestored());
  let checkedAtMs = clock.now() - everyMs;
  return {
    isPending: () => pending,
    check: async (position) => {
      if (clock.now() - checkedAtMs < everyMs) return false;
      checkedAtMs = clock.now();
      if (!pending) return answered(session.isRestored());
      let announced: boolean;
      try {
        announced = await announceRestored(broker, position);
      } catch (error) {
        onFailure(error);
        return false;
      }
      await answered(session.save(position));
      pending = false;
      onEvent({ type: "restored", announced });
      return false;
    },
  };
}
