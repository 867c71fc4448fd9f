import { type Message, parseMessage } from "./message.ts";
import type { Tabs } from "./tabs.ts";

/** What all tabs of a browser hear. */
export interface Line {
  post(message: Message): void;
  close(): void;
}

/**
 * Opens the line. What a tab posts it hears itself, as everybody does, but without the way through the
 * browser: a leader is its own member too, and its page should not wait longer than without sharing.
 */
export function openLine(tabs: Tabs, name: string, receive: (message: Message) => void): Line {
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
