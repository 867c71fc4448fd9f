import { requestLock } from "./lock.ts";
import type { Tabs } from "./tabs.ts";

export interface TabLocksOptions {
  /** Tabs with the same name compete for the same lead. */
  readonly name: string;
  /** Id of this tab. */
  readonly id: string;
  readonly locks: Tabs["locks"];
  /** This tab holds its own lock, which proves to the others that it exists. */
  onOwn(): void;
  onLead(): void;
  /** Another tab has taken one of the locks, or locks are not allowed here. */
  onLost(): void;
}

/** The locks of one tab: its own, and that of the leader. */
export interface TabLocks {
  holdsOwn(): boolean;
  /** Requests the leader's lock. `steal` takes it from its holder. */
  seekLead(how: { readonly steal: boolean }): void;
  /** Calls `gone` once, when the other tab is closed. Returns a function that stops it. */
  watch(tab: string, gone: () => void): () => void;
  release(): void;
}

/** Requests the tab's own lock at once. */
export function createTabLocks(options: TabLocksOptions): TabLocks {
  const { name, id, locks, onLost } = options;
  let holdsOwn = false;
  let releaseLead = () => {};
  /** Other builds use the same lock names, so they must not change without `sharingVersion`. */
  const lockOf = (tab: string) => `${name} seat ${tab}`;
  const releaseOwn = requestLock(locks, lockOf(id), {
    granted: () => {
      holdsOwn = true;
      options.onOwn();
    },
    lost: onLost,
  });
  return {
    holdsOwn: () => holdsOwn,
    seekLead: (how) => {
      releaseLead();
      releaseLead = requestLock(
        locks,
        `${name} leader`,
        { granted: options.onLead, lost: onLost },
        how,
      );
    },
    watch: (tab, gone) => requestLock(locks, lockOf(tab), { granted: gone, lost: () => {} }),
    release: () => {
      releaseLead();
      releaseOwn();
    },
  };
}
