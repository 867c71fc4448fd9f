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
import { createFakeEnvironment } from "querycast/testing";
import { channels } from "@/channels/index.ts";
import type { Clock } from "@/realtime/protocol/clock.ts";
import type { PageClaims } from "./claims.ts";
import { createHistory, type History } from "./history.ts";
import type { Random } from "./random.ts";
import { comparable, type Read } from "./reads.ts";
import { watchVersions } from "./versions.ts";

/** A person with one browser tab: a client, a query cache and the query bridge. */
export interface Person {
  readonly name: string;
  readonly userId: string;
  readonly reads: readonly Read[];
  readonly state: () => RealtimeState;
  readonly shown: (read: Read) => unknown;
  /** Live status and data of the page; undefined while it is hidden or has no mounted query. */
  readonly claims: () => PageClaims | undefined;
  readonly isFetching: () => boolean;
  /** Number of reads so far. */
  readonly fetches: () => number;
  /** The cause of each read, from the trace of the tabs. */
  readonly reasons: () => readonly string[];
  /** Whether the tab has reported the channel as denied. */
  readonly isDenied: (channel: string) => boolean;
  readonly setOnline: (isOnline: boolean) => void;
  /** Drops every push while the socket stays open, as a broker does for a slow consumer. */
  readonly setDropsPushes: (dropsPushes: boolean) => void;
  readonly setVisible: (isVisible: boolean) => void;
  /** Navigates to another page of the site: client and cache stay. */
  readonly leave: () => void;
  readonly comeBack: () => void;
  /** Replaces the tab with a new one. */
  readonly reload: () => void;
  /** Reads rows of entities again. Does not wait for them. */
  readonly readAgain: () => void;
  /** I5 and I7: data or rows that were shown after newer ones. */
  readonly violations: () => readonly string[];
  readonly close: () => void;
}

export interface PersonOptions {
  readonly name: string;
  readonly userId: string;
  readonly reads: readonly Read[];
  /** Creates a tab's transport. `close` ends the objects that belong to the page, not to the transport. */
  readonly connect: () => { readonly transport: Transport; readonly close: () => void };
  readonly fetch: typeof fetch;
  /** Waits before and after each select of rows, as a network does. Default: not at all. */
  readonly travel?: () => Promise<void>;
  readonly random: Random;
  /** Default: the real clock. */
  readonly clock?: Clock;
  /** Called with each report of the tabs. */
  readonly say: (what: string) => void;
}

/** The parts of a person that are replaced with the tab. */
interface Tab {
  readonly queryClient: QueryClient;
  readonly state: () => RealtimeState;
  readonly claims: () => PageClaims | undefined;
  readonly denied: ReadonlySet<string>;
  readonly history: History;
  readonly look: () => void;
  readonly unmount: () => void;
  readonly close: () => void;
}

export function createPerson({ name, userId, reads, random, ...options }: PersonOptions): Person {
  const environment = createFakeEnvironment();
  const { travel = async () => {} } = options;
  const violations: string[] = [];
  let fetches = 0;
  const reasons: string[] = [];
  let dropsPushes = false;

  /** An offline browser reaches no server, in any state of the proxies. */
  const online = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (!environment.isOnline()) throw new TypeError("fetch failed");
    const result = await work();
    if (!environment.isOnline()) throw new TypeError("fetch failed");
    return result;
  };

  const openTab = (): Tab => {
    const denied = new Set<string>();
    const history = createHistory((what) => violations.push(`I5 ${name}: ${what}`));
    const queryClient = new QueryClient({
      // Only signals make this cache refetch.
      defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
    });
    const connected = options.connect();
    const timing = options.clock && { clock: options.clock };
    const client = createRealtimeClient({
      ...timing,
      channels,
      transport: withDroppedPushes(connected.transport, () => dropsPushes),
      fetch: (url, init) => online(() => options.fetch(url, init)),
      random: random.next,
      environment,
      onTrace: (event) => {
        if (event.type === "fetch") reasons.push(describeFetch(event));
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
      violations.push(`I7 ${name}: ${what}`),
    );
    let stops: (() => void)[] = [];

    const watch = (read: Read) => {
      const queryFn = async () => {
        fetches += 1;
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
  };

  let tab = openTab();
  tab.look();
  return {
    name,
    userId,
    reads,
    state: () => tab.state(),
    claims: () => tab.claims(),
    shown: ({ queryKey }) => tab.queryClient.getQueryData(queryKey),
    isFetching: () => tab.queryClient.isFetching() > 0,
    fetches: () => fetches,
    reasons: () => reasons,
    isDenied: (channel) => tab.denied.has(channel),
    setOnline: (isOnline) => environment.set({ online: isOnline }),
    setDropsPushes: (next) => {
      dropsPushes = next;
    },
    setVisible: (isVisible) => environment.set({ visible: isVisible }),
    leave: () => tab.unmount(),
    comeBack: () => tab.look(),
    reload: () => {
      tab.close();
      tab = openTab();
      tab.look();
    },
    readAgain: () => {
      for (const { isRows, queryKey } of reads) {
        if (isRows) void tab.queryClient.refetchQueries({ queryKey, exact: true });
      }
    },
    violations: () => violations,
    close: () => tab.close(),
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
