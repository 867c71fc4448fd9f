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
import type { Clock } from "@/realtime/client/clock.ts";
import { channels } from "@/wiring/inventory.ts";
import type { PageClaims } from "./claims.ts";
import { createHistory, type History } from "./history.ts";
import type { Random } from "./random.ts";
import type { Read } from "./reads.ts";

/** A person with one browser tab: a client, a cache and the bridge between them. */
export interface Person {
  readonly name: string;
  readonly userId: string;
  readonly reads: readonly Read[];
  readonly state: () => RealtimeState;
  readonly shown: (read: Read) => unknown;
  /** What the page says about itself; undefined while it is hidden, or shows none of the reads. */
  readonly claims: () => PageClaims | undefined;
  readonly isFetching: () => boolean;
  /** Reads so far. */
  readonly fetches: () => number;
  /** Why each was made, as the trace of this person's tabs tells it. */
  readonly reasons: () => readonly string[];
  /** Channels whose `denied` this tab was told. */
  readonly isDenied: (channel: string) => boolean;
  readonly setOnline: (isOnline: boolean) => void;
  /** Every push is lost while the socket stays up, as with a consumer that is too slow. */
  readonly setDeaf: (isDeaf: boolean) => void;
  readonly setVisible: (isVisible: boolean) => void;
  /** Goes to another page of the site: client and cache live on. */
  readonly leave: () => void;
  readonly comeBack: () => void;
  /** A new tab in place of the old one. */
  readonly reload: () => void;
  /** I5: data that was shown after newer data of the same query, in words. */
  readonly violations: () => readonly string[];
  readonly close: () => void;
}

export interface PersonOptions {
  readonly name: string;
  readonly userId: string;
  readonly reads: readonly Read[];
  /** What a tab connects with, and how to end what belongs to the page and not to the transport. */
  readonly connect: () => { readonly transport: Transport; readonly close: () => void };
  readonly fetch: typeof fetch;
  readonly random: Random;
  /** Default: the real one. */
  readonly clock?: Clock;
  /** Hears what this person's tabs report. */
  readonly say: (what: string) => void;
}

/** The parts of a person that end with a tab. */
interface Tab {
  readonly queryClient: QueryClient;
  readonly state: () => RealtimeState;
  readonly claims: () => PageClaims | undefined;
  readonly denied: ReadonlySet<string>;
  readonly history: History;
  readonly look: () => void;
  readonly lookAway: () => void;
  readonly close: () => void;
}

export function createPerson({ name, userId, reads, random, ...options }: PersonOptions): Person {
  const environment = createFakeEnvironment();
  const violations: string[] = [];
  let fetches = 0;
  const reasons: string[] = [];
  let isDeaf = false;

  /** A browser without a network reaches nothing, whatever the proxies do. */
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
      // Nothing but signals makes this cache fetch again.
      defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
    });
    const connected = options.connect();
    const timing = options.clock && { clock: options.clock };
    const client = createRealtimeClient({
      ...timing,
      channels,
      transport: whileHearing(connected.transport, () => !isDeaf),
      fetch: (url, init) => online(() => options.fetch(url, init)),
      random: random.next,
      environment,
      onTrace: (event) => {
        if (event.type === "fetch") reasons.push(inWords(event));
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
    let stops: (() => void)[] = [];

    const watch = (read: Read) => {
      const queryFn = async () => {
        fetches += 1;
        const data = await online(read.select);
        history.saw(read, data);
        return data;
      };
      if (!read.isInfinite) {
        return new QueryObserver(queryClient, { ...read.options, queryFn }).subscribe(() => {});
      }
      return new InfiniteQueryObserver<unknown, Error, unknown, QueryKey, null>(queryClient, {
        ...read.options,
        queryFn,
        initialPageParam: null,
        getNextPageParam: () => undefined,
      }).subscribe(() => {});
    };
    const lookAway = () => {
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
        const queries = reads.map(({ name: read, queryKey }) => ({
          read,
          status: bridge.liveState(hashKey(queryKey)).status,
          shown: queryClient.getQueryData(queryKey),
        }));
        return { page: bridge.pageState().status, queries };
      },
      look: () => {
        if (stops.length === 0) stops = reads.map(watch);
      },
      lookAway,
      close: () => {
        lookAway();
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
    setDeaf: (next) => {
      isDeaf = next;
    },
    setVisible: (isVisible) => environment.set({ visible: isVisible }),
    leave: () => tab.lookAway(),
    comeBack: () => tab.look(),
    reload: () => {
      tab.close();
      tab = openTab();
      tab.look();
    },
    violations: () => violations,
    close: () => tab.close(),
  };
}

function inWords({ query, causes }: Extract<TraceEvent, { readonly type: "fetch" }>): string {
  const words = causes.map((cause) => {
    if (cause.type === "signal") return `${cause.signal.name} ${cause.signal.id}`;
    return cause.type === "gap" ? `gap on ${cause.channel}` : cause.type;
  });
  return `${query} for ${words.join(", ") || "no signal"}`;
}

function whileHearing(transport: Transport, hears: () => boolean): Transport {
  return {
    ...transport,
    connect: (handlers) =>
      transport.connect({
        ...handlers,
        event: (...event) => {
          if (hears()) handlers.event(...event);
        },
      }),
  };
}
