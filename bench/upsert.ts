/**
 * Cost of a new version of one row that a stream puts into a list of 100, 1,000 or 5,000 rows, compared with
 * `setQueryData` that replaces the row. `npm run bench bench/upsert.ts`, about ten seconds. Goal: at most 1.5 times as
 * long, with the check of the version and the memory of removed rows.
 */
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { channel, defineChannels } from "../src/realtime/protocol/channel.ts";
import { ids } from "../src/realtime/protocol/ids.ts";
import { on } from "../src/realtime/protocol/signal.ts";
import { liveEntities } from "../src/realtime/query/entities/live-entities.ts";
import { connect } from "./support/client.ts";
import { measureSizes, type SizedPage, wait } from "./support/measure.ts";
import { finish, format, goal, print } from "./support/report.ts";

const SIZES = [100, 1_000, 5_000] as const;
const ROUNDS = 15;
const ROWS = 100;
const MOST = 1.5;

const channels = defineChannels({
  chat: channel("chat.{chatId}").entity("chat.text", ids("textId")),
});
const chat = channels.chat({ chatId: "1" });

interface Row {
  readonly id: string;
  readonly version: number;
  readonly text: string;
}

async function openPage(size: number): Promise<SizedPage> {
  const queryClient = new QueryClient();
  const connection = connect(queryClient, channels, "chat.text");
  const queryKey = ["texts"];
  const list = Array.from({ length: size }, (_, index) => ({
    id: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
    version: 1,
    text: "a text",
  }));
  const query = liveEntities(
    { queryKey, queryFn: async (): Promise<readonly Row[]> => list },
    {
      entity: on(chat, "chat.text"),
      id: ({ id }) => id,
      version: ({ version }) => version,
      place: (rows) => rows.length,
    },
  );
  const stop = new QueryObserver(queryClient, query).subscribe(() => {});
  while (!connection.isLive() || queryClient.isFetching() > 0) await wait(20);
  let version = 1;
  const next = (): Row => {
    version += 1;
    return { ...(list[version % size] as Row), version };
  };
  /** @returns microseconds per row */
  const measure = (put: (row: Row) => void) => async () => {
    const rows = Array.from({ length: ROWS }, next);
    const startedAtMs = performance.now();
    for (const row of rows) put(row);
    const us = ((performance.now() - startedAtMs) * 1000) / ROWS;
    const shown = queryClient.getQueryData<readonly Row[]>(queryKey) ?? [];
    if (!shown.some((row) => row.version === version)) throw new Error("The last row is missing.");
    await wait(5);
    return us;
  };
  return {
    size,
    ours: measure((row) => connection.deliver(chat.name, undefined, [row])),
    theirs: measure((row) =>
      queryClient.setQueryData<readonly Row[]>(queryKey, (rows = []) =>
        rows.map((each) => (each.id === row.id ? row : each)),
      ),
    ),
    close: () => {
      connection.close();
      stop();
      queryClient.clear();
    },
  };
}

print(`One row put into a list, ${ROUNDS} rounds of ${ROWS}`);
print("  rows    from a stream   setQueryData   ratio");
for (const { size, ours, theirs } of await measureSizes(
  ROUNDS,
  await Promise.all(SIZES.map(openPage)),
)) {
  print(
    `  ${size.toLocaleString("en").padStart(5)}   ${`${format(ours)} µs`.padStart(13)}   ${`${format(theirs)} µs`.padStart(12)}   ${format(ours / theirs)}×`,
  );
  goal("upsert", `a list of ${size.toLocaleString("en")} rows`, ours / theirs, { atMost: MOST });
}
finish();
