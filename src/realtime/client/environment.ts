/** What the browser knows about itself. */
export interface Environment {
  isOnline(): boolean;
  isVisible(): boolean;
  /** Calls back whenever one of the two may have changed; hands back what stops it. */
  listen(changed: () => void): () => void;
}

/** The page this runs in. Outside a browser: online, visible and never changing. */
export const browserEnvironment: Environment = {
  isOnline: () => typeof navigator === "undefined" || navigator.onLine !== false,
  isVisible: () => typeof document === "undefined" || document.visibilityState !== "hidden",
  listen: (changed) => {
    if (typeof document === "undefined") return () => {};
    // `pageshow` alone reports a page that comes out of the back/forward cache.
    const windowEvents = ["online", "offline", "pageshow"];
    for (const name of windowEvents) window.addEventListener(name, changed);
    document.addEventListener("visibilitychange", changed);
    return () => {
      for (const name of windowEvents) window.removeEventListener(name, changed);
      document.removeEventListener("visibilitychange", changed);
    };
  },
};
