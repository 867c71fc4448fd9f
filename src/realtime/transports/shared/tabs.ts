import { randomId } from "../../protocol/random-id.ts";

/** What one tab uses to find the others. */
export interface Tabs {
  readonly locks: Pick<LockManager, "request">;
  openChannel(name: string): Pick<BroadcastChannel, "postMessage" | "onmessage" | "close">;
  /** An id nobody else has. */
  newId(): string;
  isVisible(): boolean;
  listen(listener: TabsListener): () => void;
}

export interface TabsListener {
  /** The page is about to stop running: it is left, put aside for a later "back", or frozen. */
  suspended(): void;
  /** The tab came to the front, or went from there. */
  visibilityChanged(): void;
}

/**
 * The browser this runs in, or `undefined` where tabs cannot find each other. Both APIs are in every
 * browser since 2022; locks are kept from pages that came neither by https nor from localhost.
 */
export function browserTabs(): Tabs | undefined {
  if (typeof document === "undefined" || typeof BroadcastChannel === "undefined") return undefined;
  // The type of `navigator` promises what an insecure page does not have.
  const { locks }: { readonly locks?: LockManager } = navigator;
  if (locks === undefined) return undefined;
  return {
    locks,
    openChannel: (name) => new BroadcastChannel(name),
    newId: randomId,
    isVisible: () => document.visibilityState !== "hidden",
    listen: ({ suspended, visibilityChanged }) => {
      // Neither `unload` nor `beforeunload`: they miss phones, and keep a page from being put aside.
      window.addEventListener("pagehide", suspended);
      document.addEventListener("freeze", suspended);
      document.addEventListener("visibilitychange", visibilityChanged);
      return () => {
        window.removeEventListener("pagehide", suspended);
        document.removeEventListener("freeze", suspended);
        document.removeEventListener("visibilitychange", visibilityChanged);
      };
    },
  };
}
