import { QueryObserver } from "@tanstack/react-query";
import { onTestFinished } from "vitest";
import type { TransportHandlers } from "../../../src/realtime/client/transport.ts";
import { epochChangedEvent } from "../../../src/realtime/protocol/epoch-changed.ts";
import { encodeSignal, on } from "../../../src/realtime/protocol/signal.ts";
import { liveEntities } from "../../../src/realtime/query/entities/live-entities.ts";
import { a1, setUp as setUpBridge } from "./bridge-rig.ts";

export interface Row {
  readonly id: string;
  readonly version: number;
  readonly text: string;
}

export const row = (id: string, version = 1): Row => ({ id, version, text: `${id}.${version}` });

/** A mounted query over rows that the test can change, and a stream that sends rows. */
export async function setUp({ canPlace = true, fetchMs = 100 } = {}) {
  let handlers: TransportHandlers | undefined;
  const rig = setUpBridge({
    wrap: (transport) => ({
      ...transport,
      connect: (given, key) => {
        handlers = given;
        return transport.connect(given, key);
      },
    }),
  });
  const { clock, route, queryClient } = rig;
  let table: readonly Row[] = [row("c1")];
  let fetches = 0;
  let fails = false;
  let takesMs = fetchMs;
  const options = liveEntities(
    {
      queryKey: ["texts"],
      queryFn: () => {
        fetches += 1;
        // The database is read when half of the time has passed.
        return new Promise<readonly Row[]>((resolve, reject) =>
          clock.after(takesMs / 2, () => {
            const [read, isFailing] = [table, fails];
            clock.after(takesMs / 2, () =>
              isFailing ? reject(new Error("refused")) : resolve(read),
            );
          }),
        );
      },
    },
    {
      entity: on(a1, "comment.text"),
      id: ({ id }) => id,
      version: ({ version }) => version,
      ...(canPlace && { place: (rows: readonly Row[]) => rows.length }),
    },
  );
  const observer = new QueryObserver(queryClient, options);
  onTestFinished(observer.subscribe(() => {}));
  await rig.settle();
  let serial = 0;
  /** Sends a signal of the entity with rows, or without as a broker does. */
  const send = (rows: readonly unknown[] | undefined, name = "comment.text", channel = a1) => {
    serial += 1;
    const signal = { id: `u${serial}`, name, ids: undefined, origin: undefined };
    route.append(channel.name, signal);
    handlers?.event(route.wireName(channel.name), name, encodeSignal(signal), rows);
  };
  const texts = () => queryClient.getQueryData<readonly Row[]>(["texts"])?.map(({ text }) => text);
  return {
    ...rig,
    observer,
    send,
    texts,
    /** Every text that the query contains from now on. */
    shown: () => {
      const all: string[] = [];
      onTestFinished(observer.subscribe(() => all.push(...(texts() ?? []))));
      return all;
    },
    /** Commits rows to the table that fetches read. */
    commit: (...rows: readonly Row[]) => {
      const changed = new Set(rows.map(({ id }) => id));
      table = [...table.filter(({ id }) => !changed.has(id)), ...rows];
    },
    /** Deletes a row from the table that fetches read. */
    remove: (id: string) => {
      table = table.filter((row) => row.id !== id);
    },
    table: () => table,
    fetches: () => fetches,
    failNext: (isFailing: boolean) => {
      fails = isFailing;
    },
    takes: (ms: number) => {
      takesMs = ms;
    },
    /** Empties the table that fetches read. */
    empty: () => {
      table = [];
    },
    /** Ends the right to the channel. */
    revoke: () => {
      route.deny(a1.name);
      rig.broker.send(route.wireName(a1.name), epochChangedEvent, "{}");
    },
    /** Gives the right to the channel back. */
    allow: () => route.allow(a1.name),
    query: () => queryClient.getQueryCache().find({ queryKey: ["texts"] }),
  };
}

export type Texts = Awaited<ReturnType<typeof setUp>>;
