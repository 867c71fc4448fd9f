import { createRealtimeClient } from "../../client/client.ts";
import type { RealtimeClient, RealtimeReport } from "../../client/realtime-client.ts";
import type { Transport, TransportConnection } from "../../client/transport.ts";
import type { RealtimeRequest } from "../../protocol/messages.ts";
import type { Signal } from "../../protocol/signal.ts";
import type { Viewer } from "../../server/viewer.ts";
import { createFakeEnvironment } from "../fake-environment.ts";
import { type ConformanceStack, conformanceChannels, type Room } from "./stack.ts";

/** Stands between a page and the route: may hold, alter or answer a request. */
export type Between = (
  request: RealtimeRequest,
  send: (request: RealtimeRequest) => Promise<Response>,
) => Promise<Response>;

/** Somebody who is signed in. */
export const defaultViewer: Viewer = { id: "reader" };

export interface PageOptions {
  /** Default: {@link defaultViewer}. */
  readonly viewer?: Viewer | null;
  /** False: no transport is configured. */
  readonly hasTransport?: boolean;
  readonly between?: Between;
}

/** A browser's page, with a record of what it did and was told. */
export interface Page {
  readonly client: RealtimeClient;
  readonly reports: readonly RealtimeReport[];
  readonly requests: readonly RealtimeRequest[];
  /** Everything in order: requests, `open`, `+wire`, `ack wire`, `-wire`, `close`, states. */
  readonly trace: readonly string[];
  /** What listeners are told: a message id, `anything`, `unknown <name>` or `gap`. */
  listen(room: Room): { readonly heard: readonly string[]; stop(): void };
  is(status: string, withinMs?: number): Promise<void>;
  /** The computer sleeps: time goes by, nothing happens, and the page is looked at again. */
  sleep(ms: number): void;
  /** How often the trace has an entry that starts so. */
  count(prefix: string): number;
}

export function openPage(
  stack: ConformanceStack,
  {
    viewer = defaultViewer,
    hasTransport = true,
    between = (it, send) => send(it),
  }: PageOptions = {},
): Page {
  const trace: string[] = [];
  const requests: RealtimeRequest[] = [];
  const reports: RealtimeReport[] = [];
  const environment = createFakeEnvironment();
  const route = stack.fetch(viewer);
  let sleptMs = 0;
  const client = createRealtimeClient({
    channels: conformanceChannels,
    transport: hasTransport ? traced(stack.transport(viewer), trace) : undefined,
    clock: { after: stack.clock.after, now: () => stack.clock.now() + sleptMs },
    environment,
    // Short waits: jitter is for crowds, and has its own tests.
    random: () => 0.1,
    onReport: (report) => reports.push(report),
    fetch: (url, init) => {
      const request = JSON.parse(String(init?.body)) as RealtimeRequest;
      requests.push(request);
      trace.push(request.type);
      return between(request, (sent) => route(url, { ...init, body: JSON.stringify(sent) }));
    },
  });
  client.onStateChange(() => trace.push(client.getState().status));

  return {
    client,
    reports,
    requests,
    trace,
    listen: (room) => {
      const heard: string[] = [];
      const stop = client.subscribe(room, {
        signal: (signal, isKnown) => heard.push(...tell(signal, isKnown)),
        gap: () => heard.push("gap"),
      });
      return { heard, stop };
    },
    is: async (status, withinMs) => {
      try {
        await stack.until(
          `the page is ${status}`,
          () => client.getState().status === status,
          withinMs,
        );
      } catch (cause) {
        throw new Error(`The page is not ${status}; it went ${trace.join(", ")}.`, { cause });
      }
    },
    sleep: (ms) => {
      environment.set({ visible: false });
      sleptMs += ms;
      environment.set({ visible: true });
    },
    count: (prefix) => trace.filter((entry) => entry.startsWith(prefix)).length,
  };
}

function tell({ name, ids }: Signal, isKnown: boolean): readonly string[] {
  if (!isKnown) return [`unknown ${name}`];
  return ids?.map((each) => String(each.messageId)) ?? ["anything"];
}

function traced({ name, connect }: Transport, trace: string[]): Transport {
  return {
    name,
    connect: (handlers) => {
      trace.push("open");
      const connection: TransportConnection = connect({
        ...handlers,
        subscribed: (wireName) => {
          trace.push(`ack ${wireName}`);
          handlers.subscribed(wireName);
        },
      });
      return {
        ...connection,
        subscribe: (wireName, auth) => {
          trace.push(`+${wireName}`);
          connection.subscribe(wireName, auth);
        },
        unsubscribe: (wireName) => {
          trace.push(`-${wireName}`);
          connection.unsubscribe(wireName);
        },
        close: () => {
          trace.push("close");
          connection.close();
        },
      };
    },
  };
}
