import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { live } from "../../query/binding/live.ts";
import { createQueryBridge } from "../../query/bridge.ts";
import type { Viewer } from "../../server/viewer.ts";
import type { Page } from "./page.ts";
import type { ConformanceStack, Content, Room } from "./stack.ts";

/** Longer than a stale query may wait. */
const quietMs = 1_200;

/** A page that shows the content of a room, by a query that is bound to its channel. */
export interface Reader {
  readonly page: Page;
  /** Number of reads so far. */
  fetches(): number;
  /** Number of signals that have arrived for the query. */
  signals(): number;
  /** Null: the viewer may not read it. Undefined: not read yet. */
  shown(): Content | null | undefined;
  shows(revision: number): Promise<void>;
  isLive(): Promise<void>;
  /** Resolves when there was no read for 1.2 s. */
  isQuiet(): Promise<void>;
  close(): void;
}

export function openReader(
  stack: ConformanceStack,
  page: Page,
  room: Room,
  viewer: Viewer,
): Reader {
  const { clock } = stack;
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const bridge = createQueryBridge({ client: page.client, queryClient, clock, random: () => 0.1 });
  const detach = bridge.attach();
  const queryKey = ["content", room.name];
  let fetches = 0;
  const queryFn = () => {
    fetches += 1;
    return stack.read(room, viewer);
  };
  const stop = new QueryObserver(queryClient, live({ queryKey, queryFn }, [room])).subscribe(
    () => {},
  );
  const shown = () => queryClient.getQueryData<Content | null>(queryKey);
  return {
    page,
    fetches: () => fetches,
    signals: () => bridge.counts().signals,
    shown,
    shows: (revision) =>
      stack.until(`revision ${revision} is shown`, () => shown()?.revision === revision),
    isLive: () => page.is("live", stack.line.returnMs ?? 15_000),
    isQuiet: () => {
      let [before, sinceMs] = [fetches, clock.now()];
      const hasBeenQuiet = () => {
        if (fetches !== before) [before, sinceMs] = [fetches, clock.now()];
        return clock.now() - sinceMs >= quietMs;
      };
      return stack.until("there is no read for a while", hasBeenQuiet, 15_000);
    },
    close: () => {
      stop();
      detach();
      queryClient.clear();
    },
  };
}
