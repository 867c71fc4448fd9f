import { ProtocolError } from "../protocol/errors.ts";
import { encodeIds } from "../protocol/ids.ts";
import type { OutgoingSignal } from "../protocol/signal.ts";
import type { AppendOptions, Sql } from "../server/ports.ts";

/** Writes signals by one statement in the caller's transaction. It also notifies the relay when the relay sleeps. */
export async function append(
  tx: Sql,
  signals: readonly OutgoingSignal[],
  { idempotencyKey, origin, correlation }: AppendOptions = {},
): Promise<void> {
  if (signals.length === 0) return;
  if (idempotencyKey === "") {
    throw new ProtocolError(
      "invalid_signal",
      "The idempotency key is empty, 1 to 256 bytes are allowed. Omit it to publish without one.",
    );
  }
  const rows = signals.map(({ channel, name, ids }) => ({
    channel: channel.name,
    name,
    ids: ids === undefined ? null : JSON.stringify(encodeIds(ids)),
  }));
  await tx`select
    case when ${correlation ?? null}::text is not null
      then set_config('querycast.correlation', ${correlation ?? null}::text, true) end,
    querycast.append_signals(
    ${JSON.stringify(rows)}::text::json, ${idempotencyKey ?? null}::text, ${origin ?? null}::text)`;
}
