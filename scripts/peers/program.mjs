/**
 * One page and one server that use the package and the peers installed in this file's folder. The page
 * (React, TanStack Query, pusher-js) shows a row of Postgres; a write on the server reaches it through the
 * signal log (postgres), the relay and the broker (pusher, Soketi). So does a write to a captured table
 * (drizzle-orm). Exits with 0 when that and the fake broker on `ws` work and no error was logged.
 */
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const { root, databaseUrl, soketi } = JSON.parse(process.env.PEER_PARTS);
const { JSDOM } = createRequire(root)("jsdom");
const { window } = new JSDOM("<div id=root></div>", { url: "https://site.test/" });
for (const name of ["window", "document", "navigator"]) {
  const value = name === "window" ? window : window[name];
  Object.defineProperty(globalThis, name, { value, configurable: true });
}
const errors = [];
console.error = (...all) => errors.push(all.map(String).join(" "));
window.addEventListener("error", ({ message }) => errors.push(message));

const { createElement: h, StrictMode } = await import("react");
const { createRoot } = await import("react-dom/client");
const { renderToString } = await import("react-dom/server");
const { QueryClient, QueryClientProvider, queryOptions, useQuery } = await import(
  "@tanstack/react-query"
);
const { default: PusherClient } = await import("pusher-js");
const { default: PusherServer } = await import("pusher");
const { default: postgres } = await import("postgres");
const { pgTable, text } = await import("drizzle-orm/pg-core");
const { channel, defineChannels, ids, live, signal } = await import("querycast");
const { RealtimeProvider, useRealtimeState } = await import("querycast/react");
const server = await import("querycast/server");
const { postgresJs } = await import("querycast/postgres-js");
const { createPusherBroker } = await import("querycast/transports/pusher/server");
const { pusher } = await import("querycast/transports/pusher/client");
const { captureSql, captureTable } = await import("querycast/drizzle");
const { createFakeBroker } = await import("querycast/testing");

async function until(what, isTrue) {
  const deadlineMs = Date.now() + 30_000;
  while (!(await isTrue())) {
    assert.ok(Date.now() < deadlineMs, `Timed out after 30 s: ${what}. ${errors.join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const connect = (address, key) =>
  new PusherClient(key, {
    wsHost: address.host,
    wsPort: address.port,
    forceTLS: false,
    enabledTransports: ["ws"],
    cluster: "",
  });

const channels = defineChannels({
  room: channel("room.{roomId}").signal("note.added", ids("noteId")),
});
const room = channels.room({ roomId: "r1" });

const sql = postgres(databaseUrl, { max: 4, onnotice: () => {} });
await server.migrateLog(sql);
await sql`create table notes (id text primary key)`;
const log = server.createSignalLog({ sql });
const { publish } = server.createPublisher({ channels, log });
const broker = createPusherBroker(
  new PusherServer({ ...soketi, port: String(soketi.port), useTLS: false, cluster: "" }),
);
const open = postgresJs(databaseUrl);
const relay = server.createRelay({ log: server.createRelayLog({ open }), broker });
relay.start();
const handle = server.createRealtimeHandler({
  authority: server.authorize(channels, { room: server.byRls((_, { tx }) => tx`select 1`) }),
  getViewer: async () => ({ id: "u1" }),
  read: (_, run) => sql.begin("read only", run),
  log,
  broker,
  secret: "a secret of at least 32 characters",
  allowedOrigins: [],
});

const queryFn = async () =>
  (await sql`select id from notes order by id`).map(({ id }) => id).join(", ");
const notes = live(queryOptions({ queryKey: ["notes"], queryFn }), [room]);
function Notes() {
  const { data = "nothing yet" } = useQuery(notes);
  return h("p", null, `${useRealtimeState().status}: ${data}`);
}
const instance = connect(soketi, soketi.key);
const config = {
  channels,
  transport: pusher(instance),
  fetch: (path, init) => handle(new Request(new URL(path, "https://site.test"), init)),
};
const page = () =>
  h(
    StrictMode,
    null,
    h(
      QueryClientProvider,
      { client: new QueryClient() },
      h(RealtimeProvider, { config }, h(Notes)),
    ),
  );
assert.match(renderToString(page()), /nothing yet/);
const element = document.getElementById("root");
const mounted = createRoot(element);
mounted.render(page());
await until("the page is live", () => element.textContent?.startsWith("live: "));
await sql.begin(async (tx) => {
  await tx`insert into notes values ('n1')`;
  await publish([signal(room, "note.added", { noteId: "n1" })], { tx });
});
await until("the page shows the note", () => element.textContent === "live: n1");

const table = pgTable("notes", { id: text("id").primaryKey() });
const capture = captureTable(table, {
  on: { insert: "note.added" },
  channel: channels.room,
  params: { roomId: "r1" },
  ids: { noteId: table.id },
});
for (const statement of captureSql([capture])) await sql.unsafe(statement);
await sql`insert into notes values ('n2')`;
await until(
  "the page shows a note whose signal a trigger published",
  () => element.textContent === "live: n1, n2",
);

const front = await createFakeBroker().listen();
const fake = connect(front, front.key);
await until(
  "pusher-js is connected to the fake broker",
  () => fake.connection.state === "connected",
);

fake.disconnect();
await front.close();
mounted.unmount();
instance.disconnect();
await relay.stop();
broker.close?.();
await sql.end();
assert.deepEqual(errors, []);
process.exit(0);
