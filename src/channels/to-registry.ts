import { type Channels, type Definitions, defineChannels, type SignalName } from "querycast";
import { kinds } from "./kinds.ts";
import { isLive, type Row } from "./live-row.ts";

/**
 * The registry of the whole site: what publishers, rules and browsers share. Each signal has the phase
 * of its row, so that rows on one channel can be switched on one after the other.
 *
 * @throws {ProtocolError} `invalid_contract` when two rows declare one signal on one kind.
 */
export function toRegistry(rows: Iterable<Row>): Channels<typeof kinds> {
  const live = [...rows].filter(isLive);
  const whole = Object.entries<Definition>(kinds).map(([kind, start]) => {
    const withRow = (definition: Definition, { definitions, phase }: (typeof live)[number]) =>
      [...(definitions[kind]?.signals ?? [])].reduce(
        // A name that was declared once has its form already.
        (sum, [name, ids]) => sum.signal(name as SignalName, ids as undefined, { phase }),
        definition,
      );
    return [kind, live.reduce(withRow, start)];
  });
  // The kinds are those of the site; which signals they have by now, the rows' own references know.
  return defineChannels(Object.fromEntries(whole) as typeof kinds);
}

type Definition = Definitions[string];
