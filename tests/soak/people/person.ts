import type { RealtimeState, Transport } from "querycast";
import { createFakeEnvironment } from "querycast/testing";
import type { Clock } from "@/realtime/protocol/clock.ts";
import type { PageClaims } from "../checks/claims.ts";
import type { Random } from "../random.ts";
import type { Read } from "./reads.ts";
import { createTab } from "./tab.ts";

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

export function createPerson(options: PersonOptions): Person {
  const { name, userId, reads } = options;
  const environment = createFakeEnvironment();
  const violations: string[] = [];
  const reasons: string[] = [];
  let fetches = 0;
  let dropsPushes = false;

  const openTab = () =>
    createTab({
      ...options,
      environment,
      dropsPushes: () => dropsPushes,
      violated: (what) => violations.push(what),
      fetched: () => {
        fetches += 1;
      },
      fetching: (reason) => reasons.push(reason),
    });
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
