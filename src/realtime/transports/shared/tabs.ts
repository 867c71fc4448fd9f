/** The browser APIs through which tabs communicate. */
export interface Tabs {
  readonly locks: Pick<LockManager, "request">;
  openChannel(name: string): Pick<BroadcastChannel, "postMessage" | "onmessage" | "close">;
  /** Returns a unique id. */
  newId(): string;
  isVisible(): boolean;
  /** @returns a function that removes the listener */
  listen(listener: TabsListener): () => void;
}

/** Events of the page's lifecycle. */
export interface TabsListener {
  /** The page is about to stop running: unloaded, put into the back/forward cache, or frozen. */
  suspended(): void;
  /** The tab became visible or hidden. */
  visibilityChanged(): void;
}

/**
 * Returns the APIs of this browser, or undefined where one is missing. All browsers have both since 2022, but locks
 * require a secure context (https or localhost).
 */
export function browserTabs(): Tabs | undefined {
  if (typeof document === "undefined" || typeof BroadcastChannel === "undefined") return undefined;
  // The type of `navigator` declares `locks` also for insecure pages, which do not have it.
  const { locks }: { readonly locks?: LockManager } = navigator;
  if (locks === undefined) return undefined;
  return {
    locks,
    openChannel: (name) => new BroadcastChannel(name),
    // Available wherever locks are: both need a secure context.
    newId: () => crypto.randomUUID(),
    isVisible: () => document.visibilityState !== "hidden",
    listen: ({ suspended, visibilityChanged }) => {
      // Not `unload` or `beforeunload`: mobile browsers skip them, and they disable the back/forward cache.
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
