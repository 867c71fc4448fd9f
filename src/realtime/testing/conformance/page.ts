import { createRealtimeClient } from "../../client/client.ts";
import type { RealtimeClient, RealtimeReport } from "../../client/realtime-client.ts";
import type { Transport, TransportConnection } from "../../client/transport.ts";
import type { RealtimeRequest } from "../../protocol/messages.ts";
import type { Signal } from "../../protocol/signal.ts";
import type { Viewer } from "../../server/viewer.ts";
import { createFakeEnvironment } from "../fakes/fake-environment.ts";
import { type ConformanceStack, conformanceChannels, type Room } from "./stack.ts";

/** Intercepts requests of a page to the route. It may delay, change or answer them. */
export type Between = (
  request: RealtimeRequest,
  send: (request: RealtimeRequest) => Promise<Response>,
) => Promise<Response>;

/** A viewer with a session. */
export const defaultViewer: Viewer = { id: "reader" };

export interface PageOptions {
  /** Default: {@link defaultViewer}. */
  readonly viewer?: Viewer | null;
  /** False: the client has no transport. */
  readonly hasTransport?: boolean;
  readonly between?: Between;
}

/** A page with a client, and a record of its requests and events. */
export interface Page {
  readonly client: RealtimeClient;
  readonly reports: readonly RealtimeReport[];
  readonly requests: readonly RealtimeRequest[];
  /** In order: types of requests, `open`, `+wire`, `ack wire`, `-wire`, `close`, states. */
  readonly trace: readonly string[];
  /** Subscribes. `received` has a message id, `anything`, `unknown <name>` or `gap` for each call. */
  listen(room: Room): { readonly received: readonly string[]; stop(): void };
  is(status: string, withinMs?: number): Promise<void>;
  /** Cuts all connections, and resolves when the page has noticed it. It may be live again by then. */
  loses(line: { cut(): void }): Promise<void>;
  /** Acts like a computer that slept and woke up: the clock jumps and the page becomes visible. */
  sleep(ms: number): void;
  /** Number of trace entries with this prefix. */
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
    // Short waits. Jitter has its own tests.
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
      const received: string[] = [];
      const stop = client.subscribe(room, {
        signal: (signal, isKnown) => received.push(...entriesOf(signal, isKnown)),
        gap: () => received.push("gap"),
      });
      return { received, stop };
    },
    is: async (status, withinMs) => {
      try {
        await stack.until(
          `the page is ${status}`,
          () => client.getState().status === status,
          withinMs,
        );
      } catch (cause) {
        throw new Error(`The page is not ${status}. Its trace: ${trace.join(", ")}.`, { cause });
      }
    },
    loses: async (line) => {
      const degraded = () => trace.filter((entry) => entry === "degraded").length;
      const before = degraded();
      line.cut();
      await stack.until("the page notices the cut", () => degraded() > before);
    },
    sleep: (ms) => {
      environment.set({ visible: false });
      sleptMs += ms;
      environment.set({ visible: true });
    },
    count: (prefix) => trace.filter((entry) => entry.startsWith(prefix)).length,
  };
}

function entriesOf({ name, ids }: Signal, isKnown: boolean): readonly string[] {
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
