import {
  channel,
  createRealtimeClient,
  defineChannels,
  fields,
  type RealtimeClient,
} from "querycast";
import {
  authorize,
  type Broker,
  byRls,
  createEphemeral,
  createRealtimeHandler,
  createSignalLog,
  type Ephemeral,
  type RuleContext,
  type Sql,
  type Viewer,
} from "querycast/server";
import { createPusherBroker } from "../../../src/realtime/transports/pusher/server.ts";
import { slim } from "../../../src/realtime/transports/pusher/slim.ts";
import { sse } from "../../../src/realtime/transports/sse/client.ts";
import { createSseHub, createStreamHandler } from "../../../src/realtime/transports/sse/server.ts";
import type { SoketiConnection } from "../broker/soketi.ts";
import { createLogDatabase, type LogDatabase, port } from "../database/log-database.ts";
import { serveRoute } from "../servers/serve-route.ts";
import "../runner/web-socket.ts";

/** Ephemeral channels for tests: an import that replays, and a system channel that does not. */
export const ephemeralChannels = defineChannels({
  import: channel("import.{importId}", { ephemeral: { lastN: 3, messageTTL: 60_000 } })
    .message("import.progress", fields({ done: "number" }))
    .message("import.finished", fields({ importId: "id" })),
  system: channel("system", { ephemeral: { bufferSize: 4 } })
    .message("maintenance.warning", fields({ text: "string" }))
    .message("content.updated", fields({ articleId: "id" })),
  page: channel("page.{pageId}").signal("page.changed"),
});

export type ImportRef = ReturnType<typeof ephemeralChannels.import>;

/** One server process: the route, the ephemeral channels, a log in Postgres, and a broker or hub. */
export interface EphemeralProcess {
  readonly ephemeral: Ephemeral;
  /** A page of this viewer, served by this process. An import is an article of {@link LogDatabase}: `secret1` is the owner's. */
  page(viewer?: Viewer | null): RealtimeClient;
  /** Raises the access epoch of a channel, as a revocation does. */
  revoke(ref: ImportRef): Promise<void>;
  /** Closes the connections of a viewer, whose pages reconnect. */
  cut(userId: string): Promise<void>;
  /** How many catch-ups were answered. */
  catchUps(): number;
  /** Holds back the answers of all catch-ups until the returned function is called. */
  holdCatchUps(): () => void;
  /** Answers requests as the site's route. */
  readonly route: (request: Request) => Promise<Response>;
  close(): Promise<void>;
  /** Ends the process and leaves its pages open, for a restart at the same ports. */
  end(): Promise<Ports>;
}

/** The ports of a process: of the realtime route and of the streams. */
export interface Ports {
  readonly route: number;
  readonly streams: number;
}

const secret = "a secret of at least 32 characters";

/**
 * @param soketi the app at the broker; undefined: streams of the process itself
 * @param ports of a process that has ended, to replace it; default: free ones
 */
export async function startProcess(
  soketi?: SoketiConnection,
  ports: Ports = { route: 0, streams: 0 },
): Promise<EphemeralProcess> {
  const database = await createLogDatabase();
  await database.writer`insert into articles values
    ('i1', 'somebody', true), ('i2', 'somebody', true), ('secret1', 'owner', false)`;
  const log = createSignalLog({ sql: port(database.reader) });
  const hub = createSseHub({ secret });
  const broker: Broker = soketi === undefined ? hub : createPusherBroker({ ...soketi, tls: false });
  const errors: unknown[] = [];
  let catchUps = 0;
  const ephemeral = createEphemeral({
    channels: ephemeralChannels,
    log,
    broker,
    onError: (error) => errors.push(error),
  });
  const getViewer = async (request: Request) => toViewer(request.headers.get("authorization"));
  const route = createRealtimeHandler({
    authority: authorize(ephemeralChannels, {
      import: byRls(
        ({ importId }, { tx }: RuleContext<Viewer, Sql>) =>
          tx`select from articles where id = ${importId}`,
      ),
      system: () => true,
      page: () => true,
    }),
    getViewer,
    read: ({ id }, run) =>
      database.reader.begin("read only", async (tx) => {
        await tx`select set_config('app.user_id', ${id}, true)`;
        return run(port(tx));
      }) as never,
    log,
    broker,
    ephemeral,
    secret,
    allowedOrigins: [],
    rateLimit: { take: () => 0 },
    relayAgeMs: async () => 0,
    onAnswer: ({ type }) => {
      if (type === "catch-up") catchUps += 1;
    },
  });
  const health = () => ({ state: "leading" }) as never;
  const streams = await serveRoute(
    createStreamHandler({ hub, relay: { health }, getViewer, allowedOrigins: [] }),
    { port: ports.streams },
  );
  let released: Promise<void> | undefined;
  const holdable = async (request: Request) => {
    const { type } = await request.clone().json();
    const answer = await route(request);
    if (type === "catch-up") await released;
    return answer;
  };
  const served = await serveRoute(holdable, { port: ports.route });
  const pages: RealtimeClient[] = [];
  const as = (viewer: Viewer | null) =>
    ((url, init) =>
      fetch(url, {
        ...init,
        headers: { ...init?.headers, ...(viewer && { authorization: viewer.id }) },
      })) as typeof fetch;
  const end = async () => {
    hub.close();
    ephemeral.close();
    if (soketi !== undefined) (broker as ReturnType<typeof createPusherBroker>).close();
    await served.close();
    await streams.close();
    await database.close();
    return { route: served.port, streams: streams.port };
  };
  return {
    ephemeral,
    route,
    cut: (userId) => broker.terminate(userId),
    catchUps: () => catchUps,
    holdCatchUps: () => {
      let release = () => {};
      released = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
    page: (viewer = { id: "reader" }) => {
      const page = createRealtimeClient({
        channels: ephemeralChannels,
        endpoint: `http://${served.host}:${served.port}/`,
        fetch: as(viewer),
        transport:
          soketi === undefined
            ? sse({ endpoint: `http://${streams.host}:${streams.port}/`, fetch: as(viewer) })
            : slim({ key: soketi.key, host: soketi.host, port: soketi.port, tls: false }),
      });
      pages.push(page);
      return page;
    },
    revoke: ({ kind, name, params }) =>
      database.writer.begin((tx) => log.bumpAccessEpoch(port(tx), { kind, name, params })),
    end,
    close: async () => {
      for (const page of pages) page.close();
      await end();
    },
  };
}

const toViewer = (header: string | null): Viewer | null =>
  header === null ? null : { id: header };
