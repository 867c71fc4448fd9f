/** What the browser knows about itself. */
export interface Environment {
  isOnline(): boolean;
  isVisible(): boolean;
  /**
   * Calls back whenever one of the two may have changed, and whether the page may have been asleep or
   * without a network until now; hands back what stops it.
   */
  listen(changed: (mayHaveSlept: boolean) => void): () => void;
}

/** The page this runs in. Outside a browser: online, visible and never changing. */
export const browserEnvironment: Environment = {
  isOnline: () => typeof navigator === "undefined" || navigator.onLine !== false,
  isVisible: () => typeof document === "undefined" || document.visibilityState !== "hidden",
  listen: (changed) => {
    if (typeof document === "undefined") return () => {};
    const heard = (event: Event) =>
      changed(
        event.type === "online" ||
          event.type === "resume" ||
          // The page comes out of the back/forward cache.
          (event.type === "pageshow" && (event as PageTransitionEvent).persisted),
      );
    const windowEvents = ["online", "offline", "pageshow"];
    // Some browsers freeze pages that are hidden, and say when they go on.
    const documentEvents = ["visibilitychange", "resume"];
    for (const name of windowEvents) window.addEventListener(name, heard);
    for (const name of documentEvents) document.addEventListener(name, heard);
    return () => {
      for (const name of windowEvents) window.removeEventListener(name, heard);
      for (const name of documentEvents) document.removeEventListener(name, heard);
    };
  },
};
