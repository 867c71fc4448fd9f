import { type Message, parseMessage } from "./message.ts";
import type { Tabs } from "./tabs.ts";

/** Broadcasts messages to all tabs of a browser. */
export interface TabChannel {
  post(message: Message): void;
  close(): void;
}

/**
 * Opens a broadcast channel. A tab also receives its own messages, directly instead of through the browser: the
 * leader is its own follower, and its page should wait no longer than without sharing.
 */
export function openTabChannel(
  tabs: Tabs,
  name: string,
  receive: (message: Message) => void,
): TabChannel {
  let isOpen = true;
  const channel = tabs.openChannel(name);
  const take = (value: unknown) => {
    const message = parseMessage(value);
    if (isOpen && message !== undefined) receive(message);
  };
  channel.onmessage = ({ data }) => take(data);
  return {
    post: (message) => {
      if (!isOpen) return;
      channel.postMessage(message);
      queueMicrotask(() => take(message));
    },
    close: () => {
      isOpen = false;
      channel.close();
    },
  };
}
