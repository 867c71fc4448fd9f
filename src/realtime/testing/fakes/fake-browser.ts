import type { Clock } from "../../protocol/clock.ts";
import { createFakeLocks, type FakeLocks } from "./fake-locks.ts";

/** A tab with fault injection. Its timers, messages and locks run unless it is frozen, hung or closed. */
export interface FakeTab {
  readonly locks: Pick<LockManager, "request">;
  readonly clock: Clock;
  openChannel(name: string): Pick<BroadcastChannel, "postMessage" | "onmessage" | "close">;
  newId(): string;
  isVisible(): boolean;
  listen(listener: { suspended(): void; visibilityChanged(): void }): () => void;
  setVisible(isVisible: boolean): void;
  /** Stops the tab without an event. Its tasks wait, and it keeps its locks. */
  hang(): void;
  /** Stops the tab after a `suspended` event, as browsers do. */
  freeze(): void;
  /** Ends `hang` or `freeze` and runs the waiting tasks. */
  resume(): void;
  /** Ends the tab without an event and releases its locks. */
  crash(): void;
  /** Closes the tab after a `suspended` event. */
  leave(): void;
}

/** Tabs that share Web Locks and BroadcastChannel. A message takes one millisecond. */
export interface FakeBrowser {
  openTab(): FakeTab;
  /** Posts a message as another script of the origin could. */
  post(channel: string, message: unknown): void;
  /** Number of locks that are held or requested. */
  locks(): number;
  /** Number of open channels. */
  channels(): number;
}

interface Channel {
  readonly name: string;
  deliver(message: unknown): void;
}

export function createFakeBrowser(clock: Clock): FakeBrowser {
  const locks = createFakeLocks();
  const channels = new Set<Channel>();
  let tabs = 0;

  const post: Shared["post"] = (name, message, sender) => {
    const copy: unknown = structuredClone(message);
    for (const channel of channels) {
      if (channel.name !== name || channel === sender) continue;
      clock.after(1, () => channels.has(channel) && channel.deliver(copy));
    }
  };

  return {
    openTab: () => {
      tabs += 1;
      return createTab({ clock, locks, channels, post }, tabs);
    },
    post,
    locks: locks.count,
    channels: () => channels.size,
  };
}

/** What the tabs of a browser share. */
interface Shared {
  readonly clock: Clock;
  readonly locks: FakeLocks;
  readonly channels: Set<Channel>;
  post(name: string, message: unknown, sender?: Channel): void;
}

function createTab({ clock, locks, channels, post }: Shared, number: number): FakeTab {
  const owner = {};
  const own = new Set<Channel>();
  const listeners = new Set<{ suspended(): void; visibilityChanged(): void }>();
  let waiting: (() => void)[] | undefined;
  let isGone = false;
  let isVisible = true;
  let ids = 0;

  const run = (task: () => void) => {
    if (isGone) return;
    if (waiting === undefined) task();
    else waiting.push(task);
  };

  const after: Clock["after"] = (delayMs, task) => {
    let isCancelled = false;
    const cancel = clock.after(delayMs, () => run(() => isCancelled || task()));
    return () => {
      isCancelled = true;
      cancel();
    };
  };

  const openChannel: FakeTab["openChannel"] = (name) => {
    const handle: ReturnType<FakeTab["openChannel"]> = {
      onmessage: null,
      postMessage: (message) => post(name, message, channel),
      close: () => {
        channels.delete(channel);
        own.delete(channel);
      },
    };
    const channel: Channel = {
      name,
      deliver: (data) =>
        run(() =>
          handle.onmessage?.call(handle as BroadcastChannel, new MessageEvent("message", { data })),
        ),
    };
    channels.add(channel);
    own.add(channel);
    return handle;
  };

  const crash = () => {
    isGone = true;
    for (const channel of own) channels.delete(channel);
    locks.release(owner);
  };
  const suspend = () => {
    for (const listener of [...listeners]) listener.suspended();
  };
  const hang = () => {
    waiting ??= [];
  };

  return {
    locks: locks.of(owner, run),
    clock: { now: clock.now, after },
    openChannel,
    newId: () => {
      ids += 1;
      return `${number}.${ids}`;
    },
    isVisible: () => isVisible,
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setVisible: (next) => {
      isVisible = next;
      for (const listener of [...listeners]) listener.visibilityChanged();
    },
    hang,
    freeze: () => {
      suspend();
      hang();
    },
    resume: () => {
      const late = waiting ?? [];
      waiting = undefined;
      for (const task of late) run(task);
    },
    crash,
    leave: () => {
      suspend();
      crash();
    },
  };
}
