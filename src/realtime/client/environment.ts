/** Network and visibility of the page. */
export interface Environment {
  isOnline(): boolean;
  isVisible(): boolean;
  /**
   * Calls back when one of the two may have changed. `mayHaveSlept`: the page may have been frozen or
   * without a network until now. Returns a function that stops it.
   */
  listen(changed: (mayHaveSlept: boolean) => void): () => void;
}

/** The environment of the current page. Outside a browser: always online and visible. */
export const browserEnvironment: Environment = {
  isOnline: () => typeof navigator === "undefined" || navigator.onLine !== false,
  isVisible: () => typeof document === "undefined" || document.visibilityState !== "hidden",
  listen: (changed) => {
    if (typeof document === "undefined") return () => {};
    const onEvent = (event: Event) =>
      changed(
        event.type === "online" ||
          event.type === "resume" ||
          // The page was restored from the back/forward cache.
          (event.type === "pageshow" && (event as PageTransitionEvent).persisted),
      );
    const windowEvents = ["online", "offline", "pageshow"];
    // Browsers that freeze hidden pages fire `resume` afterwards.
    const documentEvents = ["visibilitychange", "resume"];
    for (const name of windowEvents) window.addEventListener(name, onEvent);
    for (const name of documentEvents) document.addEventListener(name, onEvent);
    return () => {
      for (const name of windowEvents) window.removeEventListener(name, onEvent);
      for (const name of documentEvents) document.removeEventListener(name, onEvent);
    };
  },
};
