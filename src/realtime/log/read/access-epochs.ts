import type { ChannelRef } from "../../protocol/channel.ts";
import type { Sql } from "../../server/ports.ts";

export async function accessEpochs(
  sql: Sql,
  channels: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ channel: string; epoch: number }>`
    select channel, epoch from querycast.access_epochs
    where channel in (select json_array_elements_text(${JSON.stringify(channels)}::text::json))`;
  const known = new Map(rows.map((row) => [row.channel, row.epoch]));
  return new Map(channels.map((channel) => [channel, known.get(channel) ?? 0]));
}

export async function bumpAccessEpoch(tx: Sql, { name }: ChannelRef): Promise<void> {
  await tx`select querycast.bump_access_epoch(${name}::text)`;
}
