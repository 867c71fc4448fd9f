import { createFaultProxy, type FaultProxy } from "../../support/servers/fault-proxy.ts";
import type { Line, LineFault } from "../schedule/fault-schedule.ts";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The TCP connections of the site, each through a fault proxy. */
export interface Lines {
  /** Adds a line to a target that was not known at the start. */
  readonly lay: (line: Line, target: Address) => Promise<void>;
  /** Address of a line's proxy. */
  readonly address: (line: Line) => Address;
  readonly fail: (line: Line, fault: LineFault) => Promise<void>;
  readonly heal: (line: Line) => Promise<void>;
  readonly healAll: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface LinesOptions {
  readonly people: number;
  readonly relays: number;
  readonly broker: Address;
  readonly postgres: Address;
}

const nameOf = (line: Line) =>
  "who" in line ? `${line.of} ${line.who}` : `${line.of} ${line.which}`;

export async function createLines(options: LinesOptions): Promise<Lines> {
  const { people, relays, broker, postgres } = options;
  const proxies = new Map<string, FaultProxy>();
  /** Lines that have lost bytes. Their open connections are unusable. */
  const torn = new Set<string>();
  const lay = async (line: Line, target: Address) => {
    proxies.set(nameOf(line), await createFaultProxy({ target }));
  };
  for (let who = 0; who < people; who += 1) await lay({ of: "person", who }, broker);
  for (let which = 0; which < relays; which += 1) {
    await lay({ of: "relay-to-broker", which }, broker);
    await lay({ of: "relay-to-postgres", which }, postgres);
  }
  const proxyOf = (name: string): FaultProxy => {
    const proxy = proxies.get(name);
    if (proxy === undefined) throw new Error(`Line "${name}" does not exist.`);
    return proxy;
  };
  const heal = async (name: string) => {
    const proxy = proxyOf(name);
    // Real TCP delivers every byte or breaks the connection, so a stream with lost bytes is closed.
    if (torn.delete(name)) proxy.cutAll();
    await proxy.heal();
  };

  return {
    lay,
    address: (line) => {
      const { host, port } = proxyOf(nameOf(line));
      return { host, port };
    },
    fail: async (line, fault) => {
      const name = nameOf(line);
      const proxy = proxyOf(name);
      switch (fault) {
        case "cut":
          return proxy.cutAll();
        case "delay":
          return proxy.delay(300);
        case "freeze":
          return proxy.freeze();
        case "lose-down":
        case "lose-up":
          torn.add(name);
          return proxy.blackHole(fault === "lose-up" ? "up" : "down");
        case "refuse":
          await proxy.refuse();
          return proxy.cutAll();
        case "reset":
          return proxy.reset();
      }
    },
    heal: (line) => heal(nameOf(line)),
    healAll: async () => {
      for (const name of proxies.keys()) await heal(name);
    },
    close: async () => {
      await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
    },
  };
}
