import { randomUUID } from "node:crypto";
import {
  contract,
  createRealtimeClient,
  type OutgoingSignal,
  type RealtimeClient,
  signal,
} from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  type Broker,
  createPublisher,
  createRealtimeHandler,
  createRelay,
  createRelayLog,
  createSignalLog,
  type Sql,
} from "querycast/server";
import { expect, onTestFinished, vi } from "vitest";
import { channels } from "@/channels/index.ts";
import { toSql } from "@/db/connection/to-sql.ts";
import { setPhase } from "@/features/admin/channels/set-phase.ts";
import { rolloutChanged } from "@/features/admin/channels/signals.ts";
import type { Stage } from "@/lib/stage.ts";
import type { Environment } from "@/realtime/client/environment.ts";
import type { Clock } from "@/realtime/protocol/clock.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import { createBans, createSiteRollout } from "@/wiring/realtime/access/rollout.ts";
import { authority, type SiteViewer } from "@/wiring/realtime/access/rules.ts";
import { pusher } from "../../../src/realtime/transports/pusher/client.ts";
import { createPusherBroker } from "../../../src/realtime/transports/pusher/server.ts";
import { type Listener, listen } from "../broker/relay-listener.ts";
import { ownSoketiApp } from "../broker/soketi.ts";
import { createSiteDatabase, type SiteDatabase } from "../database/site-database.ts";
import { idOf, insertRows, viewers } from "../rows/rls-rows.ts";

export const off: Stage = { status: "off" };
export const article = { resourceType: "article", resourceId: idOf("article") } as const;
export const page = channels.resource(article);
export const person = channels.user({ userId: idOf("rea") });
export const card = channels.profile({ userId: idOf("ann") });
/** One signal of each phase: 1 a notification, 2 a comment, 3 a reaction, 4 a profile. */
export const ofPhase: Readonly<Record<number, () => OutgoingSignal>> = {
  1: () => signal(person, "notification.created", { notificationId: randomUUID() }),
  2: () => signal(page, "comment.created", { commentId: randomUUID() }),
  3: () =>
    signal(channels.resource(article), "reaction.added", {
      reactableId: article.resourceId,
    }),
  4: () => signal(card, "profile.updated"),
};

export const memberOf = ({
  userId,
  role,
}: (typeof viewers)["rea" | "kay" | "ann" | "ben"]): SiteViewer => ({
  id: userId,
  role,
});
export const received = ({ frames }: Listener) => frames.map(({ name }) => name);
export function follow(client: RealtimeClient, source: Parameters<RealtimeClient["subscribe"]>[0]) {
  const told: string[] = [];
  client.subscribe(source, { signal: ({ name }) => told.push(name), gap: () => told.push("gap") });
  return told;
}
export const isIn = (client: RealtimeClient, status: string) =>
  vi.waitFor(() => expect(client.getState().status).toBe(status), { timeout: 15_000 });

type SiteRollout = ReturnType<typeof createSiteRollout>;

interface Answer {
  readonly kinds?: readonly string[];
  readonly phases?: readonly number[];
  readonly results?: readonly {
    readonly channel: string;
    readonly status: string;
    readonly cursor?: string;
  }[];
}

/** Two processes of the site, one with the relay and one with the route, on a separate app of the broker. */
export interface RolloutRig {
  readonly site: SiteDatabase;
  readonly broker: Broker;
  /** The relay's deliveries to the broker, with times. */
  readonly published: readonly {
    readonly startMs: number;
    readonly endMs: number;
    readonly names: readonly string[];
  }[];
  /** The rollout state in the process with the route. */
  readonly rollout: SiteRollout;
  write(...signals: readonly OutgoingSignal[]): Promise<unknown>;
  asAdmin(action: (ctx: WriteContext) => Promise<void>): Promise<void>;
  setStage(phase: number, stage: Stage | null): Promise<void>;
  ask(viewer: SiteViewer, request: object): Promise<Answer>;
  /** The route's answer for each channel. */
  join(viewer: SiteViewer, ...names: string[]): Promise<readonly string[]>;
  /** A client as on a page of the site. Closed at the end of the test. */
  openBrowser(
    viewer: SiteViewer,
    options?: { readonly clock?: Clock; readonly environment?: Environment },
  ): Promise<{ readonly client: RealtimeClient; readonly requests: readonly string[] }>;
  /**
   * A client that keeps its valid signatures and never requests new ones.
   *
   * @param names channels. Default: the page, the person, the card and the site of this file.
   */
  eavesdrop(names?: readonly string[]): Promise<Listener>;
  /** Resets all settings and bans, and restarts the process with the route. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** @param contractOfSite channels of the site. Default: its own. The rules of the site apply to them. */
export async function createRolloutRig(contractOfSite = channels): Promise<RolloutRig> {
  const soketi = ownSoketiApp();
  const broker = createPusherBroker({ ...soketi, tls: false });
  const site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  const startProcess = () =>
    createSiteRollout(site.database, { start: {}, channels: contractOfSite });
  let rollout = startProcess();

  const published: RolloutRig["published"][number][] = [];
  const watched: Broker = {
    ...broker,
    publish: async (deliveries) => {
      const startMs = performance.now();
      await broker.publish(deliveries);
      const names = deliveries.map((each) => each.signal.name);
      published.push({ startMs, endMs: performance.now(), names });
    },
  };
  const relay = createRelay({
    log: createRelayLog({ open: postgresJs(site.appUrl, { connection: { role: "app_relay" } }) }),
    broker: watched,
    rollout: startProcess(),
  });
  relay.start();

  const readLog: Sql = (text, ...values) =>
    site.database.asRelay(async (tx) => toSql(tx)(text, ...values));
  const log = createSignalLog({ sql: readLog });
  const { publish } = createPublisher({ channels: contractOfSite, log });
  const write = (...signals: readonly OutgoingSignal[]) =>
    site.contexts.write(viewers.ann)(({ tx }) => publish(signals, { tx: toSql(tx) }));
  const asAdmin = (action: (ctx: WriteContext) => Promise<void>) =>
    site.contexts.write(viewers.kay)(action);

  const routeFor = (viewer: SiteViewer): typeof fetch => {
    const handle = createRealtimeHandler({
      authority: { ...authority, contract: contractOfSite[contract] },
      getViewer: async () => viewer,
      read: ({ id, role }, fn) => site.database.readAs({ userId: id, role }, fn),
      log,
      broker,
      rollout,
      restrict: createBans(site.database),
      secret: "a secret of at least 32 characters",
      allowedOrigins: [],
      rateLimit: { take: () => 0 },
    });
    return (path, init) => handle(new Request(new URL(String(path), "http://site.test"), init));
  };
  const ask = async (viewer: SiteViewer, request: object) => {
    const response = await routeFor(viewer)("/api/realtime", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ v: 1, ...request }),
    });
    return (await response.json()) as Answer;
  };

  return {
    site,
    broker,
    published,
    get rollout() {
      return rollout;
    },
    write,
    asAdmin,
    setStage: (phase, stage) => asAdmin((ctx) => setPhase(ctx, { phase, stage })),
    ask,
    join: async (viewer, ...names) => {
      const request = { type: "join", socketId: "1.1", channels: names };
      const { results = [] } = await ask(viewer, request);
      return results.map(({ status }) => status);
    },
    openBrowser: async (viewer, options) => {
      const requests: string[] = [];
      const route = routeFor(viewer);
      const client = createRealtimeClient({
        ...options,
        channels: contractOfSite,
        transport: pusher({ key: soketi.key, host: soketi.host, port: soketi.port, tls: false }),
        fetch: (url, init) => {
          requests.push((JSON.parse(String(init?.body)) as { type: string }).type);
          return route(url, init);
        },
        rollout: {
          live: (await rollout.current()).liveFor(viewer),
          control: channels.site({}),
        },
      });
      onTestFinished(client.close);
      return { client, requests };
    },
    eavesdrop: async (names = [page, person, card, channels.site({})].map(({ name }) => name)) => {
      const listener = listen(soketi, broker);
      onTestFinished(listener.close);
      for (const name of names) {
        const epoch = (await log.accessEpochs([name])).get(name) ?? 0;
        await listener.join(`private-${name}.e${epoch}`);
      }
      return listener;
    },
    clear: async () => {
      await site.owner`delete from phase_settings`;
      await site.owner`delete from channel_settings`;
      await site.owner`delete from channel_bans`;
      await site.owner`delete from user_bans`;
      // The change bypasses the actions, so it is announced as they do.
      await write(rolloutChanged());
      rollout = startProcess();
    },
    close: async () => {
      await relay.stop();
      broker.close();
      await site.close();
    },
  };
}
