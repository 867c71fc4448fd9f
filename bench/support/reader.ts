import { connect } from "node:net";

/** A connection of a client that only reads. */
export interface Reader {
  write(data: string | Uint8Array): void;
  /** Resolves when a word came. @returns everything read until then */
  until(word: string): Promise<string>;
  /** Sets the function for everything that is read from now on. The text is in latin1. */
  listen(received: (text: string) => void): void;
  close(): void;
}

/** All readers of the process read into it. Readers of `data` events cost more than the servers they measure. */
const buffer = Buffer.alloc(64 * 1024);

export function openReader({ host = "127.0.0.1", port }: { host?: string; port: number }): Reader {
  let received: (text: string) => void = () => {};
  const socket = connect({
    host,
    port,
    onread: {
      buffer,
      callback: (length) => {
        received(buffer.toString("latin1", 0, length));
        return true;
      },
    },
  });
  return {
    write: (data) => socket.write(data),
    until: (word) =>
      new Promise((resolve) => {
        let text = "";
        received = (more) => {
          text += more;
          if (text.includes(word)) resolve(text);
        };
      }),
    listen: (next) => {
      received = next;
    },
    close: () => socket.destroy(),
  };
}
