import { type Contract, contract, type KindOf, type ParamsOfRef } from "../../protocol/channel.ts";
import type { Ids } from "../../protocol/ids.ts";
import type { SignalLog } from "../ports.ts";

/**
 * Reads rows of one entity on one channel, for all of its viewers at once. Runs as a database role that may read the
 * rows of this channel alone, since every viewer who may join receives them.
 *
 * @param ids the ids that signals named, in the order of their commits, without duplicates, at most 1,000.
 * @returns the rows by id, as plain JSON. Viewers read again when one of the ids is missing.
 */
export type EntityRead<Params> = (
  params: Params,
  ids: readonly string[],
) => PromiseLike<ReadonlyMap<string, object>>;

/** The read of each entity of the contract, by channel kind and name. */
export type EntityReadsByKind<Registry> = {
  readonly [Kind in KindOf<Registry>]?: Readonly<
    Record<string, EntityRead<ParamsOfRef<Registry, Kind>>>
  >;
};

/** The entities of a contract and how to read them: the result of {@link readEntities}. */
export interface EntityReads {
  /** Whether the channel's kind has entities. False also for a name that is not in the contract. */
  isOn(channel: string): boolean;
  /** The read for a channel's entity. Undefined when the signal is no entity, or the contract lacks the channel. */
  find(
    channel: string,
    name: string,
  ): ((ids: readonly string[]) => PromiseLike<ReadonlyMap<string, object>>) | undefined;
  /** Returns the current access epoch of the channel. */
  accessEpoch(channel: string): Promise<number>;
}

/**
 * Combines channels with the read of each entity, for `createSseHub`.
 *
 * ```ts
 * const entities = readEntities(channels, log, {
 *   chat: { "chat.content": ({ chatId }, ids) => readContents(chatId, ids) },
 * });
 * const hub = createSseHub({ secret, entities });
 * ```
 *
 * @param log supplies the access epochs, so that a viewer who lost access receives no row that was read afterwards.
 * @throws {TypeError} when an entity of the contract has no read, or a read is for a signal that is not an entity.
 */
export function readEntities<Registry extends { readonly [contract]: Contract }>(
  channels: Registry,
  log: Pick<SignalLog, "accessEpochs">,
  reads: EntityReadsByKind<Registry>,
): EntityReads {
  const { kinds, parse } = channels[contract];
  const byKind = reads as Readonly<
    Record<string, Readonly<Record<string, EntityRead<Readonly<Record<string, string>>>>>>
  >;
  for (const [kind, { entities }] of kinds) {
    for (const name of entities ?? []) {
      if (byKind[kind]?.[name] === undefined) {
        throw new TypeError(`Entity "${name}" of channel "${kind}" has no read.`);
      }
    }
  }
  for (const [kind, names] of Object.entries(byKind)) {
    for (const name of Object.keys(names)) {
      if (kinds.get(kind)?.entities?.has(name) !== true) {
        throw new TypeError(`"${name}" is not an entity of channel "${kind}".`);
      }
    }
  }
  const names = new Set(Object.values(byKind).flatMap(Object.keys));
  /** Undefined for a name that is not in the contract: while the site is deployed, another release writes such rows. */
  const refOf = (channel: string) => {
    try {
      return parse(channel);
    } catch {
      return undefined;
    }
  };
  return {
    isOn: (channel) => byKind[refOf(channel)?.kind ?? ""] !== undefined,
    find: (channel, name) => {
      // Most signals are not entities, and need no parsing of their channel.
      if (!names.has(name)) return undefined;
      const ref = refOf(channel);
      const read = ref && byKind[ref.kind]?.[name];
      return read && ((ids) => read(ref.params, ids));
    },
    accessEpoch: async (channel) => (await log.accessEpochs([channel])).get(channel) ?? 0,
  };
}

/** The ids of an entity's signal. Undefined when the signal names no rows. */
export function entityIds(ids: readonly Ids[] | undefined): readonly string[] | undefined {
  const values = ids?.map((each) => Object.values(each));
  return values?.every(({ length }) => length === 1) ? values.flat() : undefined;
}
