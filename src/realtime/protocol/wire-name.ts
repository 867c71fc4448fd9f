/**
 * The name a broker sees: `private-resource.article.42.e7`.
 *
 * It ends in the channel's access epoch. The transaction that takes a right away raises the epoch, so
 * a signature for the old name, kept by a client that ignores every close, hears nothing more.
 */
export function toWireName(channelName: string, accessEpoch: number): string {
  return `private-${channelName}.e${accessEpoch}`;
}

/** Reads one back; undefined for a name that is none. */
export function fromWireName(
  wireName: string,
): { readonly channel: string; readonly accessEpoch: number } | undefined {
  const [, channel, epoch] = /^private-(.+)[.]e(\d{1,10})$/.exec(wireName) ?? [];
  return channel === undefined ? undefined : { channel, accessEpoch: Number(epoch) };
}
