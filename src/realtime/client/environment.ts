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
    const stopping = new AbortController();
    const listen = (target: EventTarget, name: string) =>
      target.addEventListener(name, onEvent, { signal: stopping.signal });
    const onEvent = (event: Event) =>
      changed(
        event.type === "online" ||
          event.type === "resume" ||
          // The page was restored from the back/forward cache.
          (event.type === "pageshow" && (event as PageTransitionEvent).persisted),
      );
    for (const name of ["online", "offline", "pageshow"]) listen(window, name);
    // Browsers that freeze hidden pages fire `resume` afterwards.
    for (const name of ["visibilitychange", "resume"]) listen(document, name);
    return () => stopping.abort();
  },
};
