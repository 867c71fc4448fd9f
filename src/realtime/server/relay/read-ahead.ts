import type { Clock } from "../../protocol/clock.ts";
import type { LogPage, RelaySession } from "../ports.ts";

/** Pages held in memory at once, and published twice if the relay crashes before it saves its position. */
const pagesAtMost = 10;
/** With more channels merging saves little, and publishing earlier saves the position earlier. */
const channelsAtMost = 100;

/**
 * Reads a page, and further pages while they are full and of few channels. A backlog after an outage is then
 * published as one frame per channel and name, not as one per page, channel and name.
 */
export async function readAhead(
  read: RelaySession["read"],
  position: string,
  clock: Clock,
): Promise<LogPage> {
  let page = await read(position);
  if (!page.more) return page;
  const { lagMs } = page;
  const readAtMs = clock.now();
  const deliveries = [...page.deliveries];
  const channels = new Set(deliveries.map(({ channel }) => channel));
  for (let pages = 1; pages < pagesAtMost && channels.size <= channelsAtMost; pages += 1) {
    if (!page.more) break;
    page = await read(page.position);
    for (const delivery of page.deliveries) {
      deliveries.push(delivery);
      channels.add(delivery.channel);
    }
  }
  return { ...page, deliveries, lagMs: lagMs + (clock.now() - readAtMs) };
}
