import { randomInt } from "node:crypto";
import { connect, createServer } from "node:net";
import { PartError } from "./part-error.ts";

export const LOOPBACK = "127.0.0.1";

/**
 * True when nobody answers on the port and we may listen there. Both are asked: a server that shares
 * its port (SO_REUSEPORT, as Soketi does) would let a second one bind beside it.
 */
export async function isPortFree(port: number, host: string = LOOPBACK): Promise<boolean> {
  return !(await answers(port, host)) && (await canListen(port, host));
}

/**
 * Below the ports that systems give to outgoing connections (Linux from 32768, others from 49152): a port
 * of those that is free now may be taken before its server has started.
 */
const [lowestPort, highestPort] = [20_000, 32_767];
const given = new Set<number>();

/** A free port that this process has not given out before, chosen at random. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(lowestPort, highestPort + 1);
    if (given.has(port)) continue;
    given.add(port);
    if (await isPortFree(port)) return port;
  }
  throw new PartError(`No free port from ${lowestPort} to ${highestPort} was found.`, {
    code: "port-taken",
    wayOut: "Stop servers that are not needed: `ss -ltn` lists them.",
  });
}

/** The first free port from `preferred` upwards, at most 20 away; else any free one. */
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
    `${part} cannot have port ${port} on ${LOOPBACK}: something else is listening there.`,
    {
      code: "port-taken",
      wayOut: `Stop what uses port ${port} (see \`ss -ltnp\` or \`lsof -i :${port}\`), or set ${variable} to another port.`,
    },
  );
}

function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const settle = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.setTimeout(1000, () => settle(true));
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
