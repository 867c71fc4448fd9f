import { randomUUID } from "node:crypto";
import { createRealtimeClient, type OutgoingSignal, signal, type Transport } from "querycast";
import { type BrokerGroup, createRealtimeHandler, type SignalLog } from "querycast/server";
import { expect, vi } from "vitest";
import { channels } from "@/channels/index.ts";
import { createSiteRollout } from "@/wiring/realtime/access/rollout.ts";
import { authority, type SiteViewer } from "@/wiring/realtime/access/rules.ts";
import { brokerClients, type ownClientNames } from "../../support/broker/broker-clients.ts";
import type { SiteDatabase } from "../../support/database/site-database.ts";
import { idOf } from "../../support/rows/rls-rows.ts";

/** The article whose comments the pages show. */
export const page = channels.resource({ resourceType: "article", resourceId: idOf("article") });
const rea: SiteViewer = { id: idOf("rea"), role: "reader" };

interface PagesOptions {
  readonly site: () => SiteDatabase;
  readonly log: SignalLog;
  readonly newBroker: () => BrokerGroup;
  readonly write: (...signals: readonly OutgoingSignal[]) => Promise<unknown>;
  readonly soketi: { readonly host: string; readonly port: number };
  readonly secret: string;
  /** Called after each test. */
  readonly closeAfterEach: (() => unknown)[];
}

/** The site's route, pages that are open on it, and a writer of comments. */
export function createPages(options: PagesOptions) {
  const { site, log, newBroker, write, soketi, closeAfterEach } = options;
  const { host, port } = soketi;
  /** The route as in another process of the site. */
  function openRoute() {
    const handle = createRealtimeHandler({
      authority,
      getViewer: async () => rea,
      read: ({ id, role }, fn) => site().database.readAs({ userId: id, role }, fn),
      log,
      broker: newBroker(),
      rollout: createSiteRollout(site().database, { start: {} }),
      secret: options.secret,
      allowedOrigins: [],
      rateLimit: { take: () => 0 },
    });
    return (path: unknown, init?: RequestInit) =>
      handle(new Request(new URL(String(path), "http://site.test"), init));
  }

  async function ask(route: ReturnType<typeof openRoute>, request: object) {
    const response = await route("/api/realtime", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ v: 1, ...request }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  /** Comments of the current test, as a read would return them. */
  const written: string[] = [];
  /** Resolvers that wait until a page has received a comment. */
  const waiting = new Map<string, () => void>();
  const receivedAnywhere = (commentId: string) =>
    new Promise<void>((resolve) => waiting.set(commentId, resolve));

  /** An open page with the keys that it connected with and the comments that it knows. */
  function openPage(key: string, over: (typeof ownClientNames)[number]) {
    const keys: (string | undefined)[] = [];
    const received = new Set<string>();
    const lost: string[] = [];
    const own = brokerClients[over]();
    closeAfterEach.push(own.close);
    const real = own.transport({ key, host, port });
    const transport: Transport = {
      ...real,
      connect: (handlers, appKey) => {
        keys.push(appKey);
        return real.connect(
          {
            ...handlers,
            disconnected: (why) => {
              lost.push(why.message);
              handlers.disconnected(why);
            },
          },
          appKey,
        );
      },
    };
    const client = createRealtimeClient({
      channels,
      transport,
      fetch: openRoute(),
      onReport: ({ type }) => lost.push(type),
    });
    closeAfterEach.push(client.close);
    const gaps = { count: 0 };
    client.subscribe(page, {
      signal: ({ ids }) => {
        // A signal without ids invalidates everything: the page reads all comments.
        const told = (ids as { commentId: string }[] | undefined)?.map(
          ({ commentId }) => commentId,
        );
        for (const commentId of told ?? written) {
          received.add(commentId);
          waiting.get(commentId)?.();
        }
      },
      gap: () => {
        gaps.count += 1;
      },
    });
    const isLive = () =>
      vi.waitFor(() => expect(client.getState().status).toBe("live"), { timeout: 15_000 });
    return { client, gaps, received, isLive, keys, lost };
  }

  /** Writes until stopped, each comment after a page has received the previous one. */
  function writeThroughout() {
    let isOver = false;
    const writing = (async () => {
      while (!isOver) {
        const commentId = randomUUID();
        await write(signal(page, "comment.created", { commentId }));
        written.push(commentId);
        await receivedAnywhere(commentId);
      }
    })();
    const stop = async () => {
      isOver = true;
      await writing;
    };
    closeAfterEach.push(stop);
    return { stop };
  }

  return { openRoute, ask, openPage, writeThroughout, written };
}
