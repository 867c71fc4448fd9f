import type { Environment } from "../client/environment.ts";

/** A page whose network and visibility a test decides. */
export interface FakeEnvironment extends Environment {
  set(change: { readonly online?: boolean; readonly visible?: boolean }): void;
  listeners(): number;
}

export function createFakeEnvironment(): FakeEnvironment {
  let isOnline = true;
  let isVisible = true;
  const listeners = new Set<() => void>();
  return {
    isOnline: () => isOnline,
    isVisible: () => isVisible,
    listen: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    set: ({ online = isOnline, visible = isVisible }) => {
      isOnline = online;
      isVisible = visible;
      for (const listener of [...listeners]) listener();
    },
    listeners: () => listeners.size,
  };
}
