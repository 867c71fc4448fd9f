import { QueryClient, QueryObserver, type QueryObserverOptions } from "@tanstack/react-query";
import { onTestFinished } from "vitest";
import { createRealtimeClient } from "../../../src/realtime/client/client.ts";
import type { RealtimeClientOptions } from "../../../src/realtime/client/realtime-client.ts";
import type { Transport } from "../../../src/realtime/client/transport.ts";
import { channel, defineChannels } from "../../../src/realtime/protocol/channel.ts";
import { ids } from "../../../src/realtime/protocol/ids.ts";
import type { Signal } from "../../../src/realtime/protocol/signal.ts";
import { live, type Source } from "../../../src/realtime/query/binding/live.ts";
import { createQueryBridge } from "../../../src/realtime/query/bridge.ts";
import type { QueryBridgeOptions } from "../../../src/realtime/query/query-bridge.ts";
import type { Priority } from "../../../src/realtime/query/scheduler/scheduling.ts";
import { createFakeBroker } from "../../../src/realtime/testing/fakes/fake-broker.ts";
import { createFakeClock } from "../../../src/realtime/testing/fakes/fake-clock.ts";
import { createFakeEnvironment } from "../../../src/realtime/testing/fakes/fake-environment.ts";
import { createFakeRoute } from "../../../src/realtime/testing/fakes/fake-route.ts";

const channels = defineChannels({
  article: channel("article.{articleId}")
    .signal("comment.created", ids("commentId"))
    .signal("reaction.changed")
    .entity("comment.text", ids("commentId")),
  site: channel("site").signal("rollout.changed"),
});
export const a1 = channels.article({ articleId: "a1" });
export const a2 = channels.article({ articleId: "a2" });
export const site = channels.site({});

type Given = Pick<RealtimeClientOptions, "environment" | "random" | "onTrace" | "rollout"> &
  Pick<QueryBridgeOptions, "lateReadMs" | "slowPollMs" | "pullMs"> & {
    /** `false`: a page without a transport. */
    readonly isConnected?: boolean;
    /** Wraps the transport to the fake broker. */
    readonly wrap?: (transport: Transport) => Transport;
  };

/** A bridge on a fake broker, route, clock and environment. Closed after the test. */
export function setUp({
  random = () => 0.5,
  isConnected = true,
  wrap = (transport) => transport,
  ...given
}: Given = {}) {
  const broker = createFakeBroker();
  const route = createFakeRoute();
  const clock = createFakeClock();
  const fakeEnvironment = createFakeEnvironment();
  const environment = given.environment ?? fakeEnvironment;
  const client = createRealtimeClient({
    ...given,
    channels,
    transport: isConnected ? wrap(broker.transport) : undefined,
    fetch: route.fetch,
    clock,
    environment,
    random,
  });
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
  });
  const bridge = createQueryBridge({ ...given, client, queryClient, clock, random, environment });
  const detach = bridge.attach();
  onTestFinished(() => {
    detach();
    client.close();
    queryClient.clear();
  });

  /** Mounts a query that returns the number of its fetch. Fetches take 100 ms unless `read` is given. */
  const mount = (
    key: string,
    sources: readonly Source[],
    read?: (n: number) => Promise<unknown>,
    given?: { readonly priority?: Priority; readonly hidden?: "read" },
    more: Partial<QueryObserverOptions> = {},
  ) => {
    const fetches: number[] = [];
    const options = live(
      {
        ...more,
        queryKey: [key],
        queryFn: ({ signal }: { signal?: AbortSignal }) => {
          fetches.push(clock.now());
          const n = fetches.length;
          signal?.addEventListener("abort", () => aborted.push(n));
          return read?.(n) ?? new Promise((resolve) => clock.after(100, () => resolve(n)));
        },
      },
      sources,
      given,
    );
    const aborted: number[] = [];
    const observer = new QueryObserver(queryClient, options);
    let unmount = observer.subscribe(() => {});
    onTestFinished(() => unmount());
    return {
      fetches,
      aborted,
      options,
      observer,
      unmount: () => unmount(),
      remount: () => {
        unmount = observer.subscribe(() => {});
      },
      data: () => queryClient.getQueryData([key]),
      query: () => queryClient.getQueryCache().find({ queryKey: [key] }),
      state: () => bridge.liveState(JSON.stringify([key])),
    };
  };

  let serial = 0;
  const publish = (ref = a1, name = "comment.created", more: Partial<Signal> = {}) => {
    serial += 1;
    const signal = { id: `s${serial}`, name, ids: undefined, origin: undefined, ...more };
    route.append(ref.name, signal);
    broker.publish(route.wireName(ref.name), signal);
  };
  /** Waits until the channels are joined, caught up and fetched after the first gap. */
  const settle = () => clock.advance(1_000);
  return {
    broker,
    route,
    clock,
    environment: fakeEnvironment,
    client,
    queryClient,
    bridge,
    detach,
    mount,
    publish,
    settle,
  };
}
