import type { Environment } from "../client/environment.ts";

/** A page whose network and visibility a test decides. */
export interface FakeEnvironment extends Environment {
  set(change: { readonly online?: boolean; readonly visible?: boolean }): void;
  /** Comes out of the back/forward cache, or goes on after it was frozen. */
  resume(): void;
  listeners(): number;
}

export function createFakeEnvironment(): FakeEnvironment {
  let isOnline = true;
  let isVisible = true;
  const listeners = new Set<(mayHaveSlept: boolean) => void>();
  const tell = (mayHaveSlept: boolean) => {
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
      tell(isBackOnline);
    },
    resume: () => tell(true),
    listeners: () => listeners.size,
  };
}
