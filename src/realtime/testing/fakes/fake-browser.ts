import type { Clock } from "../../protocol/clock.ts";

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

interface LockRequest {
  readonly owner: object;
  start(): void;
  reject(): void;
}

interface Lock {
  holder: LockRequest | undefined;
  queue: LockRequest[];
}

interface Channel {
  readonly name: string;
  deliver(message: unknown): void;
}

export function createFakeBrowser(clock: Clock): FakeBrowser {
  const locks = new Map<string, Lock>();
  const channels = new Set<Channel>();
  let tabs = 0;

  const pump = (lock: Lock) => {
    if (lock.holder !== undefined) return;
    lock.holder = lock.queue.shift();
    lock.holder?.start();
  };
  const post = (name: string, message: unknown, sender?: Channel) => {
    const copy: unknown = structuredClone(message);
    for (const channel of channels) {
      if (channel.name !== name || channel === sender) continue;
      clock.after(1, () => channels.has(channel) && channel.deliver(copy));
    }
  };

  const openTab = (): FakeTab => {
    const owner = {};
    const own = new Set<Channel>();
    const listeners = new Set<{ suspended(): void; visibilityChanged(): void }>();
    let waiting: (() => void)[] | undefined;
    let isGone = false;
    let isVisible = true;
    let ids = 0;
    tabs += 1;
    const number = tabs;

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

    const request = (name: string, ...rest: readonly unknown[]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const callback = rest.at(-1) as (lock: { name: string }) => unknown;
        const { steal, signal } = (rest.length > 1 ? rest[0] : {}) as LockOptions;
        const lock = locks.get(name) ?? { holder: undefined, queue: [] };
        locks.set(name, lock);
        const entry: LockRequest = {
          owner,
          reject: () => run(() => reject(new DOMException("Taken.", "AbortError"))),
          start: () =>
            queueMicrotask(() =>
              run(() => {
                const release = () => {
                  if (lock.holder !== entry) return;
                  lock.holder = undefined;
                  pump(lock);
                };
                const settled = (async () => callback({ name }))();
                settled.then(resolve, reject);
                settled.then(release, release);
              }),
            ),
        };
        signal?.addEventListener("abort", () => {
          if (!lock.queue.includes(entry)) return;
          lock.queue.splice(lock.queue.indexOf(entry), 1);
          entry.reject();
        });
        if (steal) {
          lock.holder?.reject();
          lock.holder = undefined;
          lock.queue.unshift(entry);
        } else lock.queue.push(entry);
        pump(lock);
      });

    const crash = () => {
      isGone = true;
      for (const channel of own) channels.delete(channel);
      for (const lock of locks.values()) {
        lock.queue = lock.queue.filter((entry) => entry.owner !== owner);
        if (lock.holder?.owner === owner) lock.holder = undefined;
        pump(lock);
      }
    };
    const suspend = () => {
      for (const listener of [...listeners]) listener.suspended();
    };
    const hang = () => {
      waiting ??= [];
    };

    return {
      locks: { request } as Pick<LockManager, "request">,
      clock: { now: clock.now, after },
      openChannel: (name) => {
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
              handle.onmessage?.call(
                handle as BroadcastChannel,
                new MessageEvent("message", { data }),
              ),
            ),
        };
        channels.add(channel);
        own.add(channel);
        return handle;
      },
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
  };

  return {
    openTab,
    post,
    locks: () =>
      [...locks.values()].reduce(
        (sum, { holder, queue }) => sum + queue.length + (holder ? 1 : 0),
        0,
      ),
    channels: () => channels.size,
  };
}
