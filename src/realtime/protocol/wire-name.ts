/**
 * The name of a channel at the broker: `private-resource.article.42.e7`.
 *
 * It ends in the channel's access epoch. The transaction that revokes access increments the epoch. A client
 * that keeps its subscription to the old name receives no further signals.
 */
export function toWireName(channelName: string, accessEpoch: number): string {
  return `private-${channelName}.e${accessEpoch}`;
}

/** Parses a wire name. Undefined when it is malformed. */
export function fromWireName(
  wireName: string,
): { readonly channel: string; readonly accessEpoch: number } | undefined {
  const [, channel, epoch] = /^private-(.+)[.]e(\d{1,10})$/.exec(wireName) ?? [];
  return channel === undefined ? undefined : { channel, accessEpoch: Number(epoch) };
}
