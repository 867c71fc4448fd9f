import type { Clock, LogPage, RelaySession } from "./ports.ts";

/** Held in memory at once, and at worst sent twice by a relay that dies before it has noted them. */
const pagesAtMost = 10;
/** Beyond so many channels merging saves little, and what is sent early is safe early. */
const channelsAtMost = 100;

/**
 * Reads a page, and while pages are full and of few channels the ones behind it: what piled up during
 * an outage then leaves as one frame for each channel and name, not as one for each page of them.
 */
export async function readAhead(
  read: RelaySession["read"],
  position: string,
  clock: Clock,
): Promise<LogPage> {
  let page = await read(position);
  if (!page.more) return page;
  const { lagMs } = page;
  const readAt = clock.now();
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
  return { ...page, deliveries, lagMs: lagMs + (clock.now() - readAt) };
}
