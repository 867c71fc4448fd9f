import type { TraceListener } from "querycast";
import type { EarlierEvent } from "querycast/devtools";

/** The number of events that the panel shows. */
const keptEvents = 200;

/** Buffers events until the panel of the developer tools has loaded. */
export function createEarlyTrace() {
  const events: EarlierEvent[] = [];
  const onTrace: TraceListener = (event) => {
    events.push({ event, atMs: Date.now() });
    if (events.length > keptEvents) events.shift();
  };
  return { events, onTrace };
}
