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

/** A port that the system just gave out. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, LOOPBACK, () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address !== null
          ? resolve(address.port)
          : reject(new Error("The system gave out no port.")),
      );
    });
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
