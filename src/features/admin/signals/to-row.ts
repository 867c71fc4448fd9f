import type { LoggedSignal } from "querycast/server";
import { idsIn } from "@/lib/text/names.ts";
import type { SignalFilter, SignalRow } from "./schema.ts";

export function toRow({ writtenAt, ...signal }: LoggedSignal): SignalRow {
  return { ...signal, writtenAt: writtenAt.toISOString() };
}

/** The UUIDs in the channels and the ids of signals. */
export function idsOf(signals: readonly Pick<LoggedSignal, "channel" | "ids">[]) {
  return idsIn(
    ...signals.flatMap(({ channel, ids }) => [
      channel,
      ...(ids ?? []).flatMap((each) => Object.values(each)),
    ]),
  );
}

/** A `*` at the end of a channel name matches a prefix. */
export function toFilter({ channel, name }: Pick<SignalFilter, "channel" | "name">) {
  const isPrefix = channel?.endsWith("*") === true;
  return {
    channel: isPrefix ? undefined : channel || undefined,
    channelPrefix: isPrefix ? channel?.slice(0, -1) : undefined,
    name: name || undefined,
  };
}
