import type { Environment } from "../../client/environment.ts";

/** A page whose network and visibility a test sets. */
export interface FakeEnvironment extends Environment {
  set(change: { readonly online?: boolean; readonly visible?: boolean }): void;
  /** Acts like a page that was restored from the back/forward cache or resumed. */
  resume(): void;
  /** Number of listeners. A closed client leaves none. */
  listeners(): number;
}

/** Makes a page that is online and visible. */
export function createFakeEnvironment(): FakeEnvironment {
  let isOnline = true;
  let isVisible = true;
  const listeners = new Set<(mayHaveSlept: boolean) => void>();
  const notify = (mayHaveSlept: boolean) => {
    for (const listener of [...listeners]) listener(mayHaveSlept);
  };
  return {
    isOnline: () => isOnline,
    isVisible: () => isVisible,
    listen: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    set: ({ online = isOnline, visible = isVisible }) => {
      const isBackOnline = online && !isOnline;
      isOnline = online;
      isVisible = visible;
      notify(isBackOnline);
    },
    resume: () => notify(true),
    listeners: () => listeners.size,
  };
}
