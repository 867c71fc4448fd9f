import {
  hashKey,
  InfiniteQueryObserver,
  QueryClient,
  type QueryKey,
  QueryObserver,
} from "@tanstack/react-query";
import {
  createQueryBridge,
  createRealtimeClient,
  type RealtimeState,
  type TraceEvent,
  type Transport,
} from "querycast";
import type { createFakeEnvironment } from "querycast/testing";
import { channels } from "@/channels/index.ts";
import type { PageClaims } from "../checks/claims.ts";
import { createHistory, type History } from "../checks/history.ts";
import { watchVersions } from "../checks/versions.ts";
import type { PersonOptions } from "./person.ts";
import { comparable, type Read } from "./reads.ts";

/** The parts of a person that are replaced with the tab. */
export interface Tab {
  readonly queryClient: QueryClient;
  readonly state: () => RealtimeState;
  readonly claims: () => PageClaims | undefined;
  readonly denied: ReadonlySet<string>;
  readonly history: History;
  readonly look: () => void;
  readonly unmount: () => void;
  readonly close: () => void;
}

export interface TabOptions extends PersonOptions {
  readonly environment: ReturnType<typeof createFakeEnvironment>;
  readonly dropsPushes: () => boolean;
  /** Called with data or rows that were shown after newer ones. */
  readonly violated: (what: string) => void;
  /** Called for each read. */
  readonly fetched: () => void;
  /** Called with the cause of each read, from the trace. */
  readonly fetching: (reason: string) => void;
}

/** A browser tab: a client, a query cache and the query bridge. It shows nothing until `look`. */
export function createTab(options: TabOptions): Tab {
  const { name, reads, random, environment, travel = async () => {} } = options;

  /** An offline browser reaches no server, in any state of the proxies. */
  const online = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (!environment.isOnline()) throw new TypeError("fetch failed");
    const result = await work();
    if (!environment.isOnline()) throw new TypeError("fetch failed");
    return result;
  };

  const denied = new Set<string>();
  const history = createHistory((what) => options.violated(`I5 ${name}: ${what}`));
  const queryClient = new QueryClient({
    // Only signals make this cache refetch.
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
  });
  const connected = options.connect();
  const timing = options.clock && { clock: options.clock };
  const client = createRealtimeClient({
    ...timing,
    channels,
    transport: withDroppedPushes(connected.transport, options.dropsPushes),
    fetch: (url, init) => online(() => options.fetch(url, init)),
    random: random.next,
    environment,
    onTrace: (event) => {
      if (event.type === "fetch") options.fetching(describeFetch(event));
    },
    onReport: (report) => {
      if (report.type === "denied") denied.add(report.channel);
      options.say(`${name}: ${Object.values(report).join(" ")}`);
    },
  });
  const bridge = createQueryBridge({
    ...timing,
    client,
    queryClient,
    random: random.next,
    environment,
  });
  const detach = bridge.attach();
  const stopVersions = watchVersions(queryClient, reads, (what) =>
    options.violated(`I7 ${name}: ${what}`),
  );
  let stops: (() => void)[] = [];

  const watch = (read: Read) => {
    const queryFn = async () => {
      options.fetched();
      if (read.isRows) await travel();
      const data = await online(read.select);
      if (read.isRows) await travel();
      history.saw(read, data);
      return data;
    };
    return observe(queryClient, read, Object.assign(queryFn, read.options.queryFn));
  };
  const unmount = () => {
    for (const stop of stops) stop();
    stops = [];
  };
  return {
    queryClient,
    denied,
    history,
    state: client.getState,
    claims: () => {
      if (stops.length === 0 || !environment.isVisible()) return undefined;
      const queries = reads.map((read) => ({
        read: read.name,
        status: bridge.liveState(hashKey(read.queryKey)).status,
        shown: comparable(read, queryClient.getQueryData(read.queryKey)),
      }));
      return { page: bridge.pageState().status, queries };
    },
    look: () => {
      if (stops.length === 0) stops = reads.map(watch);
    },
    unmount,
    close: () => {
      unmount();
      stopVersions();
      detach();
      client.close();
      connected.close();
      queryClient.clear();
    },
  };
}

/** Mounts the query of a read, as a component does. Returns its unmount. */
function observe(queryClient: QueryClient, read: Read, queryFn: () => Promise<unknown>) {
  if (!read.isInfinite) {
    return new QueryObserver(queryClient, { ...read.options, queryFn }).subscribe(() => {});
  }
  return new InfiniteQueryObserver<unknown, Error, unknown, QueryKey, null>(queryClient, {
    ...read.options,
    queryFn,
    initialPageParam: null,
    getNextPageParam: () => undefined,
  }).subscribe(() => {});
}

function describeFetch({ query, causes }: Extract<TraceEvent, { readonly type: "fetch" }>): string {
  const words = causes.map((cause) => {
    if (cause.type === "signal") return `${cause.signal.name} ${cause.signal.id}`;
    return cause.type === "gap" ? `gap on ${cause.channel}` : cause.type;
  });
  return `${query} for ${words.join(", ") || "no signal"}`;
}

function withDroppedPushes(transport: Transport, drops: () => boolean): Transport {
  return {
    ...transport,
    connect: (handlers) =>
      transport.connect({
        ...handlers,
        event: (...event) => {
          if (!drops()) handlers.event(...event);
        },
      }),
  };
}
