import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { openReader, type Reader } from "./reader.ts";

/**
 * Starts a server of streams in another process, signed in on one channel. It ends with this process, however this
 * process ends.
 *
 * @param file name in this folder; it calls `serveParent`
 * @param flags options of Node
 */
export async function startChildServer(
  file: string,
  args: readonly string[],
  wireName: string,
  flags: readonly string[] = [],
) {
  const child = fork(join(import.meta.dirname, file), [...args], {
    execArgv: [...process.execArgv, ...flags],
  });
  const answer = async <Value>() =>
    ((await once(child, "message")) as [{ answer: Value }])[0].answer;
  const ask = <Value>(question: string) => {
    const answered = answer<Value>();
    child.send({ ask: question, wireName, socketId });
    return answered;
  };
  const socketId = `${Date.now()}.1`;
  const port = await answer<number>();
  const body = JSON.stringify({
    v: 1,
    socketId,
    channels: [{ wireName, auth: await ask<string>("sign") }],
  });
  return {
    pid: child.pid ?? 0,
    port,
    /** The body of the request for a stream. */
    body,
    /** Asks for a number, e.g. a count or bytes. */
    ask: (question: string) => ask<number>(question),
    /** Commands the server to publish to the channel. There is no answer. */
    publish: (count: number) => child.send({ ask: "publish", wireName, count }),
    /** Opens a stream whose subscription is acknowledged. */
    open: async (): Promise<Reader> => {
      const reader = openReader({ port });
      reader.write(
        `POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      await reader.until("subscribed");
      return reader;
    },
    stop: async () => {
      child.disconnect();
      await once(child, "exit");
    },
  };
}

interface Question {
  readonly wireName: string;
  readonly socketId: string;
  readonly count: number;
}

/**
 * Runs in the started process: sends its port to the parent and answers its questions. Ends with the parent.
 *
 * @param answers by question. A question whose answer is `undefined` is a command.
 */
export function serveParent(
  port: number,
  answers: Readonly<Record<string, (question: Question) => unknown>>,
): void {
  process.on("disconnect", () => process.exit());
  process.on("message", async (question: Question & { ask: string }) => {
    const answer = await answers[question.ask]?.(question);
    if (answer !== undefined) process.send?.({ answer });
  });
  process.send?.({ answer: port });
}
