/**
 * Cost of an idle visible page for the server (P19): requests a minute, and CPU of one `positions` request,
 * of the route and of Postgres, compared with a catch-up of the same channels, which checks the rights. Real
 * Postgres, the real route with a session look-up by SQL. `npm run bench bench/idle-page.ts`, about half a minute.
 */
import postgres from "postgres";
import { createRealtimeClient } from "../src/realtime/client/client.ts";
import { createSignalLog } from "../src/realtime/log/create-signal-log.ts";
import { channel, defineChannels } from "../src/realtime/protocol/channel.ts";
import { ids } from "../src/realtime/protocol/ids.ts";
import type { CatchUpResponse, PositionsResponse } from "../src/realtime/protocol/messages.ts";
import type { Sql } from "../src/realtime/server/ports.ts";
import { createRealtimeHandler } from "../src/realtime/server/route/create-realtime-handler.ts";
import { authorize, byRls, type RuleContext } from "../src/realtime/server/route/rules.ts";
import type { Viewer } from "../src/realtime/server/viewer.ts";
import { createFakeBroker } from "../src/realtime/testing/fakes/fake-broker.ts";
import { createFakeClock } from "../src/realtime/testing/fakes/fake-clock.ts";
import { createFakeEnvironment } from "../src/realtime/testing/fakes/fake-environment.ts";
import { createFakeRoute } from "../src/realtime/testing/fakes/fake-route.ts";
import { measureCpu } from "./support/cpu.ts";
import { interleave, median } from "./support/measure.ts";
import { port, startLogPostgres } from "./support/parts.ts";
import { finish, format, goal, print } from "./support/report.ts";

/** An article page follows its author's and its own channel, the viewer's, a tag, and the control channel. */
const CHANNELS = 5;
const WRITTEN = 100_000;
const REQUESTS = 500;
const ROUNDS = 5;
const MINUTES = 60;

const channels = defineChannels({
  page: channel("page.{pageId}").signal("page.changed", ids("changeId")),
});
const refs = Array.from({ length: CHANNELS }, (_, pageId) => channels.page({ pageId }));

const requestsPerMinute = async () => {
  const clock = createFakeClock();
  const route = createFakeRoute();
  const client = createRealtimeClient({
    channels,
    transport: createFakeBroker({ clock }).transport,
    fetch: route.fetch,
    clock,
    environment: createFakeEnvironment(),
  });
  for (const ref of refs) client.subscribe(ref);
  await clock.advance(60_000);
  const before = route.requests.length;
  await clock.advance(MINUTES * 60_000);
  client.close();
  return (route.requests.length - before) / MINUTES;
};

const database = await startLogPostgres();
const sql = postgres(database.url, { max: 8, onnotice: () => {} });
await sql.unsafe(`
  create table pages (id int primary key);
  insert into pages select generate_series(0, 999);
  create table sessions (token text primary key, person text not null);
  insert into sessions select md5(n::text), 'viewer-' || n from generate_series(0, 9999) n;
  insert into querycast.signals (channel, name, ids)
    select 'page.' || n % 1000, 'page.changed', '{"changeId":"c' || n || '"}'
    from generate_series(1, ${WRITTEN}) n;
  analyze;
`);
const log = createSignalLog({ sql: port(sql) });
const handle = createRealtimeHandler<Viewer, Sql>({
  authority: authorize(channels, {
    page: byRls(
      ({ pageId }: { pageId: string }, { tx }: RuleContext) =>
        tx`select from pages where id = ${pageId}::int`,
    ),
  }),
  getViewer: async (request) => {
    const token = request.headers.get("x-session");
    const [session] = await sql<{ person: string }[]>`
      select person from sessions where token = md5(${token})`;
    return session === undefined ? null : { id: session.person };
  },
  read: (_, fn) => sql.begin("read only", (tx) => fn(port(tx))) as never,
  log,
  broker: createFakeBroker().broker,
  secret: "a secret of at least 32 characters",
  allowedOrigins: [],
});
let asked = 0;
const ask = async <Body>(type: string, asking: readonly object[]): Promise<Body> => {
  const response = await handle(
    new Request("http://site.test/api/realtime", {
      method: "POST",
      headers: { "content-type": "application/json", "x-session": String(asked++ % 10_000) },
      body: JSON.stringify({ v: 1, type, channels: asking }),
    }),
  );
  if (response.status !== 200) throw new Error(`${type} was answered with ${response.status}.`);
  return (await response.json()) as Body;
};
const { results } = await ask<CatchUpResponse>(
  "catch-up",
  refs.map(({ name }) => ({ channel: name, cursor: null })),
);
const cursors = results.map((each) => ({
  channel: each.channel,
  cursor: "cursor" in each ? each.cursor : "",
}));
const { behind } = await ask<PositionsResponse>("positions", cursors);
if (behind.length > 0) throw new Error(`Behind, though nothing was written: ${behind}.`);

const cpuOf = (type: string) => async () => {
  const { cpuMs } = await measureCpu(sql, async () => {
    for (let count = 0; count < REQUESTS; count += 10) {
      await Promise.all(Array.from({ length: 10 }, () => ask(type, cursors)));
    }
  });
  return cpuMs / REQUESTS;
};
await cpuOf("positions")();
await cpuOf("catch-up")();
const cpu = await interleave(ROUNDS, {
  positions: cpuOf("positions"),
  catchUp: cpuOf("catch-up"),
});
const positionsMs = median(cpu.positions);
const catchUpMs = median(cpu.catchUp);
const requests = await requestsPerMinute();
print(`${CHANNELS} channels, ${WRITTEN.toLocaleString("en")} signals in the log`);
print(
  `  one request: positions ${format(positionsMs)} ms, catch-up ${format(catchUpMs)} ms of CPU`,
);
goal("P19", "requests of an idle page a minute", requests, { atMost: 1.05 }, "");
goal("P19", "CPU of one request, route and Postgres", positionsMs, { atMost: 0.6 }, " ms");
goal(
  "P19",
  "CPU for 1,000 idle pages, of one core",
  ((positionsMs * requests * 1_000) / 60_000) * 100,
  { atMost: 1 },
  " %",
);
goal("P19", "beside a catch-up of the same channels", positionsMs / catchUpMs, { atMost: 0.8 });
await sql.end();
await database.stop();
finish();
