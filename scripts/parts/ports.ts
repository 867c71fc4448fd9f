import { connect, createServer } from "node:net";
import { PartError } from "./part-error.ts";

export const LOOPBACK = "127.0.0.1";

/**
 * True when no server answers on the port and this process can listen on it. Listening alone proves too
 * little: Soketi sets SO_REUSEPORT, so a second server can bind the same port.
 */
export async function isPortFree(port: number, host: string = LOOPBACK): Promise<boolean> {
  return !(await answers(port, host)) && (await canListen(port, host));
}

/**
 * Below the ephemeral ports (from 32768 on Linux, 49152 elsewhere): an outgoing connection could take one
 * of those before the server has started.
 */
const [lowestPort, highestPort] = [20_000, 32_767];
/**
 * Each process tries ports in order from a place of its own, so that processes started one after another do not choose
 * the same port before one of them listens on it.
 */
const portsPerProcess = 97;
const triedAtMost = 100;
let tried = 0;

/** A free port that this process has not returned before. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < triedAtMost; attempt += 1) {
    const offset = process.pid * portsPerProcess + tried++;
    const port = lowestPort + (offset % (highestPort - lowestPort + 1));
    if (await isPortFree(port)) return port;
  }
  throw new PartError(`No free port between ${lowestPort} and ${highestPort} was found.`, {
    code: "port-taken",
    wayOut: "Stop servers that you do not need. `ss -ltnp` lists them.",
  });
}

/** The first free port of the 20 from `preferred` upwards, else any free port. */
export async function nextFreePort(preferred: number, host: string = LOOPBACK): Promise<number> {
  for (let port = preferred; port < preferred + 20; port++) {
    if (await isPortFree(port, host)) return port;
  }
  return freePort();
}

/** @throws PartError `port-taken`. */
export async function demandPort(port: number, part: string, variable: string): Promise<void> {
  if (await isPortFree(port)) return;
  throw new PartError(
    `${part} cannot use port ${port} on ${LOOPBACK}: another program is listening on it.`,
    {
      code: "port-taken",
      wayOut: `Stop the program that uses port ${port} (see \`ss -ltnp\` or \`lsof -i :${port}\`), or set ${variable} to another port.`,
    },
  );
}

/** True when a server accepts connections on the port. Unlike {@link isPortFree} it never takes the port itself. */
export function answers(port: number, host: string = LOOPBACK): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const settle = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    // After a long task of this process the time is over before the answer was read. It is read before `setImmediate`.
    socket.setTimeout(1000, () => setImmediate(() => settle(true)));
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
  });
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
