import type { TraceListener } from "querycast";
import type { EarlierEvent } from "querycast/devtools";

/** As many as the panel shows. */
const keptEvents = 200;

/** Keeps what happens before the panel of the developer tools has loaded. */
export function createEarlyTrace() {
  const events: EarlierEvent[] = [];
  const onTrace: TraceListener = (event) => {
    events.push({ event, atMs: Date.now() });
    if (events.length > keptEvents) events.shift();
  };
  return { events, onTrace };
}
