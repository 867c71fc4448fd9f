/**
 * Cost of one signal for a page whose cache holds 100, 1,000 or 10,000 queries, compared with
 * `invalidateQueries` with the key of the one affected query. `npm run bench bench/invalidate.ts`, about
 * half a minute. Goals: at most 10 µs, and no more with a large cache than with a small one.
 */
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { channel, defineChannels } from "../src/realtime/protocol/channel.ts";
import { live } from "../src/realtime/query/binding/live.ts";
import { connect } from "./support/client.ts";
import { measureSizes, type SizedPage, wait } from "./support/measure.ts";
import { finish, format, goal, print } from "./support/report.ts";

const SIZES = [100, 1_000, 10_000] as const;
const MOUNTED = 10;
const ROUNDS = 15;
const SIGNALS = 300;
/** A factor of two for a hundred times as many queries is noise and processor caches. */
const FLAT = 2;

const channels = defineChannels({
  article: channel("article.{articleId}").signal("comment.created"),
});

/** A page that has been open for a while: all queries are cached, some have observers. */
async function openPage(size: number): Promise<SizedPage> {
  const queryClient = new QueryClient();
  const connection = connect(queryClient, channels, "comment.created");
  const names = Array.from({ length: size }, (_, articleId) => channels.article({ articleId }));
  const stops = names.map((ref, index) =>
    new QueryObserver(
      queryClient,
      live(
        { queryKey: ["article", ref.name], queryFn: async () => index, enabled: index < MOUNTED },
        [ref],
      ),
    ).subscribe(() => {}),
  );
  while (!connection.isLive()) await wait(20);
  await wait(300);
  const mounted = names.slice(0, MOUNTED).map(({ name }) => name);
  const nameOf = (count: number) => mounted[count % MOUNTED] ?? "";
  const rest = () => wait(150); // waits for the fetches, which are not measured

  return {
    size,
    /** @returns microseconds per signal */
    ours: async () => {
      const frames = Array.from({ length: SIGNALS }, (_, count) => ({
        name: nameOf(count),
        data: connection.frame(),
      }));
      const startedAtMs = performance.now();
      for (const { name, data } of frames) connection.deliver(name, data);
      const us = ((performance.now() - startedAtMs) * 1000) / SIGNALS;
      await rest();
      return us;
    },
    /** @returns microseconds per call */
    theirs: async () => {
      // A tenth of the calls, because they take long and vary less.
      const calls = SIGNALS / 10;
      const startedAtMs = performance.now();
      for (let count = 0; count < calls; count += 1) {
        const queryKey = ["article", nameOf(count)];
        void queryClient.invalidateQueries({ queryKey, refetchType: "none" });
      }
      const us = ((performance.now() - startedAtMs) * 1000) / calls;
      await rest();
      return us;
    },
    close: () => {
      connection.close();
      for (const stop of stops) stop();
      queryClient.clear();
    },
  };
}

print(`One signal for one of ${MOUNTED} mounted queries, ${ROUNDS} rounds of ${SIGNALS}`);
print("  cached queries   a signal   invalidateQueries   ratio");
const costs = await measureSizes(ROUNDS, await Promise.all(SIZES.map(openPage)));
for (const { size, ours, theirs } of costs) {
  print(
    `  ${size.toLocaleString("en").padStart(14)}   ${`${format(ours)} µs`.padStart(8)}   ${`${format(theirs)} µs`.padStart(17)}   ${format(theirs / ours)}×`,
  );
}
const [smallest] = costs;
const largest = costs.at(-1);
if (smallest !== undefined && largest !== undefined) {
  for (const { size, ours } of costs) {
    goal(
      "cost",
      `per signal, ${size.toLocaleString("en")} cached queries`,
      ours,
      { atMost: 10 },
      " µs",
    );
  }
  goal("flat", "10,000 cached queries beside 100", largest.ours / smallest.ours, { atMost: FLAT });
}
finish();
