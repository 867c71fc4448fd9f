import { type Channels, type Definitions, defineChannels, type SignalName } from "querycast";
import { kinds } from "./kinds.ts";
import { isLive, type Row } from "./live-row.ts";

/**
 * Builds the registry of the whole site for publishers, rules and browsers. Each signal has the phase of
 * its row, so that rows on one channel can be rolled out one after the other.
 *
 * @throws {ProtocolError} `invalid_contract` when two rows declare one signal on one kind.
 */
export function toRegistry(rows: Iterable<Row>): Channels<typeof kinds> {
  const live = [...rows].filter(isLive);
  const whole = Object.entries<Definition>(kinds).map(([kind, start]) => {
    const withRow = (definition: Definition, { definitions, phase }: (typeof live)[number]) =>
      [...(definitions[kind]?.signals ?? [])].reduce(
        // A name that was declared before has its ids already.
        (sum, [name, ids]) => sum.signal(name as SignalName, ids as undefined, { phase }),
        definition,
      );
    return [kind, live.reduce(withRow, start)];
  });
  // The static type has the kinds of the site. Only the references of each row know its signals.
  return defineChannels(Object.fromEntries(whole) as typeof kinds);
}

type Definition = Definitions[string];
