import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import postgres from "postgres";
import { postgresJs } from "../../src/realtime/log/connection/postgres-js.ts";
import { createSignalLog } from "../../src/realtime/log/create-signal-log.ts";
import { createFollowLog } from "../../src/realtime/log/relay/follow-log.ts";
import { createRelay } from "../../src/realtime/server/relay/create-relay.ts";
import {
  createRawStreamHandler,
  createSseHub,
  readEntities,
} from "../../src/realtime/transports/sse/server.ts";
import { serveParent } from "./child-server.ts";
import { port } from "./parts.ts";
import { chatChannels, type Token } from "./tokens.ts";

/**
 * A process that serves the tokens of one chat to many viewers, for benches. Usage: token-server.ts <kind> <database>.
 *
 * - `upserts`: a hub with entities, its relay and the raw stream handler.
 * - `brotli`: the same, and the first 100 streams are compressed if they accept it.
 * - `often`: as `upserts`, and the relay reads the log every 16 ms in place of 25.
 * - `signals`: the same without entities. Viewers read over HTTP after each signal.
 * - `shared`: the limit. It collects ids for 16 ms, reads once, and writes one buffer to all responses.
 * - `each`: as `shared`, with a SELECT and a buffer for each viewer.
 */
const [kind = "upserts", databaseUrl = ""] = process.argv.slice(2);
const sql = postgres(databaseUrl, { max: 8, onnotice: () => {} });
const viewer = { id: "reader" };
const hasEntities = kind === "upserts" || kind === "brotli" || kind === "often";
const isHub = hasEntities || kind === "signals";
let selects = 0;

const readTokens = async (ids: readonly string[]): Promise<readonly Token[]> => {
  selects += 1;
  return sql<
    Token[]
  >`select id, version, text from tokens where id = any (${[...ids]}) order by id`;
};
const readChat = async () => {
  selects += 1;
  return sql<Token[]>`select id, version, text from tokens order by id desc limit 100`;
};

const log = createSignalLog({ sql: port(sql) });
const hub = createSseHub({
  secret: "a secret of at least 32 characters",
  streamsPerSession: 1_000_000,
  ...(hasEntities && {
    entities: readEntities(chatChannels, log, {
      chat: {
        "chat.token": async (_params, ids) =>
          new Map((await readTokens(ids)).map((row) => [row.id, row])),
      },
    }),
  }),
});
const relay = createRelay({
  log: createFollowLog({ open: postgresJs(databaseUrl) }),
  broker: isHub ? hub : limit(),
  ...(kind === "often" && { spacingMs: 16 }),
});
relay.start();

const responses = new Set<ServerResponse>();

/** A broker that does the least: one buffer per flush. */
function limit(): typeof hub {
  let ids = new Set<string>();
  const flush = async () => {
    const wanted = [...ids];
    ids = new Set();
    const write = async (targets: Iterable<ServerResponse>) => {
      const rows = await readTokens(wanted);
      const chunk = Buffer.from(`event: upsert\ndata: ${JSON.stringify(rows)}\n\n`);
      for (const response of targets) response.write(chunk);
    };
    if (kind === "shared") return write(responses);
    await Promise.all([...responses].map((response) => write([response])));
  };
  return {
    ...hub,
    idsPerSignal: 10_000,
    publish: async (deliveries) => {
      if (ids.size === 0) setTimeout(() => void flush(), 16);
      for (const { signal } of deliveries)
        for (const { tokenId } of signal.ids ?? []) if (tokenId) ids.add(tokenId);
    },
  };
}

const open = createRawStreamHandler({
  hub,
  relay,
  getViewer: async () => viewer,
  allowedOrigins: [],
  rateLimit: { take: () => 0 },
  compressedStreams: kind === "brotli" ? 100 : 0,
});
const server = createServer((request, response) => {
  if (request.url === "/chat") {
    void readChat().then((rows) => response.end(JSON.stringify(rows)));
    return;
  }
  if (isHub) return void open(request, response);
  request.resume();
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write("event: subscribed\ndata: []\n\n");
  responses.add(response);
  response.once("close", () => responses.delete(response));
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 4096, resolve));

while (relay.health().state !== "leading") await new Promise((resolve) => setTimeout(resolve, 20));
serveParent((server.address() as AddressInfo).port, {
  sign: ({ socketId, wireName }) => hub.signJoin(socketId, wireName, viewer),
  selects: () => selects,
  memory: () => {
    globalThis.gc?.();
    globalThis.gc?.();
    return process.memoryUsage().heapUsed + process.memoryUsage().external;
  },
  // Also what encoders take, which the heap does not contain.
  resident: () => process.memoryUsage.rss(),
});
