/**
 * Fetches and updates that the scheduler makes for a stream of signals, compared with TanStack Query alone, in one
 * run: `npm run bench bench/scheduler.ts`. Goals: at least 19 updates, nothing lost, nothing aborted; P10.
 */
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { channel, defineChannels } from "../src/realtime/protocol/channel.ts";
import { live } from "../src/realtime/query/binding/live.ts";
import { connect } from "./support/client.ts";

const SIGNAL = "comment.created";
const channels = defineChannels({
  article: channel("article.{articleId}").signal(SIGNAL),
});
const refs = Array.from({ length: 10_000 }, (_, articleId) => channels.article({ articleId }));
const [hot] = refs;
if (hot === undefined) throw new Error("No channel.");
const failures: string[] = [];

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const print = (line: string) => process.stdout.write(`${line}\n`);
const check = (what: string, holds: boolean) => {
  print(`  ${holds ? "ok  " : "MISS"} ${what}`);
  if (!holds) failures.push(what);
};
const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** A page with one mounted query that reads a counter for 100 ms. */
function openPage() {
  const queryClient = new QueryClient();
  const page = {
    written: 0,
    fetches: 0,
    aborted: 0,
    updates: 0,
    firstUpdateMs: 0,
    longestStaleMs: 0,
  };
  let startedAtMs = performance.now();
  let updatedAt = startedAtMs;
  const options = {
    queryKey: ["hot"],
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      page.fetches += 1;
      signal.addEventListener("abort", () => {
        page.aborted += 1;
      });
      const seen = page.written;
      await wait(100);
      return seen;
    },
  };
  const observer = new QueryObserver(queryClient, live(options, [hot ?? null]));
  const stop = observer.subscribe(() => {});
  queryClient.getQueryCache().subscribe((event) => {
    if (event.type !== "updated" || event.action.type !== "success") return;
    const now = performance.now();
    page.updates += 1;
    page.firstUpdateMs ||= now - startedAtMs;
    page.longestStaleMs = Math.max(page.longestStaleMs, now - updatedAt);
    updatedAt = now;
  });
  const begin = () => {
    Object.assign(page, {
      fetches: 0,
      aborted: 0,
      updates: 0,
      firstUpdateMs: 0,
      longestStaleMs: 0,
    });
    startedAtMs = performance.now();
    updatedAt = startedAtMs;
  };
  return { page, queryClient, stop, begin, shown: () => queryClient.getQueryData<number>(["hot"]) };
}

/** 25 signals a second for two seconds; the data changes with each. */
async function stream(open: ReturnType<typeof openPage>, signal: () => void) {
  await wait(300);
  open.begin();
  for (let count = 0; count < 50; count += 1) {
    open.page.written += 1;
    signal();
    await wait(40);
  }
  const duringStream = open.page.updates;
  await wait(500);
  const result = {
    ...open.page,
    updates: duringStream,
    isCurrent: open.shown() === open.page.written,
  };
  open.stop();
  open.queryClient.clear();
  return result;
}

async function streamQuerycast() {
  const open = openPage();
  const connection = connect(open.queryClient, channels, SIGNAL);
  const result = await stream(open, () => connection.deliver(hot?.name ?? ""));
  connection.close();
  return result;
}

const streamInvalidate = (cancelRefetch: boolean) => {
  const open = openPage();
  const keys = { queryKey: ["hot"] };
  return stream(open, () => void open.queryClient.invalidateQueries(keys, { cancelRefetch }));
};

async function burst() {
  const open = openPage();
  const connection = connect(open.queryClient, channels, SIGNAL);
  await wait(500);
  open.begin();
  for (let count = 0; count < 10; count += 1) connection.deliver(hot?.name ?? "");
  await wait(400);
  connection.close();
  open.stop();
  open.queryClient.clear();
  return open.page.fetches;
}

/** 300 signals for the mounted ones of 10,000 cached queries, each on a separate channel. */
async function crowd(mounted: number) {
  const queryClient = new QueryClient();
  const connection = connect(queryClient, channels, SIGNAL);
  const stops = refs.map((ref, index) => {
    const observer = new QueryObserver(
      queryClient,
      live(
        { queryKey: ["article", ref.name], queryFn: async () => index, enabled: index < mounted },
        [ref],
      ),
    );
    return observer.subscribe(() => {});
  });
  while (!connection.isLive()) await wait(50);
  await wait(500);
  // A page that has been open for a while runs compiled code.
  for (let count = 0; count < 30_000; count += 1) {
    connection.deliver(refs[0]?.name ?? "");
    if (count % 300 === 0) await wait(2);
  }
  const oursMs: number[] = [];
  const theirsMs: number[] = [];
  for (let round = 0; round < 25; round += 1) {
    const frames = Array.from({ length: 300 }, (_, count) => ({
      name: refs[count % mounted]?.name ?? "",
      data: connection.frame(),
    }));
    const startedAtMs = performance.now();
    for (const { name, data } of frames) connection.deliver(name, data);
    oursMs.push(performance.now() - startedAtMs);
    await wait(150);
    if (round % 5 > 0) continue; // `invalidateQueries` takes long and varies less
    const theirStart = performance.now();
    for (let count = 0; count < 300; count += 1) {
      const queryKey = ["article", refs[count % mounted]?.name];
      void queryClient.invalidateQueries({ queryKey, refetchType: "none" });
    }
    theirsMs.push(performance.now() - theirStart);
    await wait(100);
  }
  connection.close();
  for (const stop of stops) stop();
  queryClient.clear();
  return { bestMs: Math.min(...oursMs), oursMs: median(oursMs), theirsMs: median(theirsMs) };
}

print("25 signals/s for 2 s against a 100 ms query");
print("                                    fetches aborted updates longest stale  ends current");
const rows = {
  querycast: await streamQuerycast(),
  invalidateQueries: await streamInvalidate(true),
  "invalidateQueries, no cancelRefetch": await streamInvalidate(false),
};
for (const [name, row] of Object.entries(rows)) {
  const cells = [row.fetches, row.aborted, row.updates].map((value) => String(value).padStart(7));
  const stale = `${Math.round(row.longestStaleMs)} ms`.padStart(13);
  print(`  ${name.padEnd(35)}${cells.join(" ")} ${stale}  ${row.isCurrent ? "yes" : "NO"}`);
}
check("at least 19 updates during the stream", rows.querycast.updates >= 19);
check("nothing aborted", rows.querycast.aborted === 0);
check("nothing lost: the page ends current", rows.querycast.isCurrent);

const burstFetches = await burst();
print("P10");
print(`  burst of 10 signals on one query: ${burstFetches} fetch(es)`);
check("burst: 1 fetch (+1 trailing)", burstFetches <= 2);
for (const mounted of [10, 100]) {
  const { bestMs, oursMs, theirsMs } = await crowd(mounted);
  print(
    `  300 signals × 10,000 queries, ${mounted} mounted: ${oursMs.toFixed(2)} ms (best ${bestMs.toFixed(2)}); invalidateQueries ${theirsMs.toFixed(1)} ms (${(theirsMs / oursMs).toFixed(0)}× more)`,
  );
  if (mounted === 10) check("300 signals × 10,000 queries ≤ 0.5 ms", oursMs <= 0.5);
}
process.exitCode = failures.length > 0 ? 1 : 0;
