import { limits } from "../../protocol/limits.ts";

/** Bytes reserved for the other fields of the request. */
const envelopeBytes = 1024;

/** Splits a list into requests that the route accepts, by count and by bytes. Names and cursors are ASCII. */
export function inBatches<Item>(
  items: readonly Item[],
  bytesOf: (item: Item) => number,
): readonly (readonly Item[])[] {
  const batches: Item[][] = [];
  let batch: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = bytesOf(item);
    const isFull =
      batch.length === limits.channelsPerRequest ||
      bytes + size > limits.requestBytes - envelopeBytes;
    if (isFull && batch.length > 0) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
