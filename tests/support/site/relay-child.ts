import { postgresJs } from "../../../src/realtime/log/connection/postgres-js.ts";
import { createRelayLog } from "../../../src/realtime/log/relay/relay-log.ts";
import { createRelay } from "../../../src/realtime/server/relay/create-relay.ts";
import { createPusherBroker } from "../../../src/realtime/transports/pusher/server.ts";
import type { SoketiConnection } from "../broker/soketi.ts";

/** Options of the process, passed as JSON in its first argument. */
export interface RelayChildOptions {
  readonly databaseUrl: string;
  readonly soketi: SoketiConnection;
  readonly pageRows: number;
  /** Point between two statements of the relay at which the process kills itself, e.g. "save before". */
  readonly killAt?: string;
}

const { databaseUrl, soketi, pageRows, killAt } = JSON.parse(
  process.argv[2] ?? "",
) as RelayChildOptions;

const reach = (point: string) => {
  // Like a kill from outside: nothing is flushed, and the kernel closes the sockets.
  if (point === killAt) process.kill(process.pid, "SIGKILL");
};

/** Wraps an object so that each method reaches a point before and after its call. */
function withPoints<Part extends object>(part: Part): Part {
  return new Proxy(part, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        reach(`${String(name)} before`);
        const result: unknown = await value.apply(target, args);
        reach(`${String(name)} after`);
        return result;
      };
    },
  });
}

const log = createRelayLog({ open: postgresJs(databaseUrl), pageRows });
createRelay({
  log: { open: async (handlers) => withPoints(await log.open(handlers)) },
  broker: withPoints(createPusherBroker({ ...soketi, tls: false })),
  onEvent: ({ type }) => process.stdout.write(`${type}\n`),
}).start();
