import { createRealtimeClient } from "../../../src/realtime/client/client.ts";
import type {
  ClientRollout,
  RealtimeClient,
  RealtimeReport,
} from "../../../src/realtime/client/realtime-client.ts";
import type { Transport } from "../../../src/realtime/client/transport.ts";
import { channel, defineChannels } from "../../../src/realtime/protocol/channel.ts";
import { ids } from "../../../src/realtime/protocol/ids.ts";
import type { Signal } from "../../../src/realtime/protocol/signal.ts";
import { createFakeBroker } from "../../../src/realtime/testing/fakes/fake-broker.ts";
import { createFakeClock } from "../../../src/realtime/testing/fakes/fake-clock.ts";
import { createFakeEnvironment } from "../../../src/realtime/testing/fakes/fake-environment.ts";
import { createFakeRoute } from "../../../src/realtime/testing/fakes/fake-route.ts";

export const channels = defineChannels({
  user: channel("user.{userId}").signal("notification.created", ids("notificationId")),
  article: channel("article.{articleId}", { phase: 2 })
    .signal("comment.created", ids("commentId"))
    .signal("reaction.changed", undefined, { phase: 3 }),
  site: channel("site").signal("rollout.changed"),
});
export const user = channels.user({ userId: "u1" });
export const article = channels.article({ articleId: "a1" });
export const site = channels.site({});

/** A signal of the article, from a comment of the same id. */
export const made = (id: string, name = "comment.created"): Signal => ({
  id,
  name,
  ids: [{ commentId: id }],
  origin: undefined,
});

/** The wire name of the article in an access epoch. */
export const inEpoch = (epoch: number) => `private-article.a1.e${epoch}`;

interface Given {
  /** Replaces the fake broker's transport. */
  readonly transport?: (fake: Transport) => Transport | undefined;
  readonly random?: () => number;
  readonly rollout?: ClientRollout;
  /** By how much the time of day is wrong, in ms. Timers run as before. */
  readonly offByMs?: () => number;
}

/** A client on a fake broker, route, clock and environment, with its reports. */
export function setUp({
  transport = (fake) => fake,
  random = () => 0.5,
  offByMs = () => 0,
  ...given
}: Given = {}) {
  const broker = createFakeBroker();
  const route = createFakeRoute();
  const clock = createFakeClock();
  const environment = createFakeEnvironment();
  const reports: RealtimeReport[] = [];
  let pings = 0;
  const counting: Transport = {
    name: broker.transport.name,
    connect: (handlers) => {
      const connection = broker.transport.connect(handlers);
      return {
        ...connection,
        ping: (answered) => {
          pings += 1;
          connection.ping(answered);
        },
      };
    },
  };
  const client = createRealtimeClient({
    ...given,
    channels,
    transport: transport(counting),
    fetch: route.fetch,
    clock: { now: () => clock.now() + offByMs(), after: clock.after },
    environment,
    random,
    onReport: (report) => reports.push(report),
  });
  const statuses: string[] = [];
  client.onStateChange(() => statuses.push(client.getState().status));
  const listen = (source: Parameters<RealtimeClient["subscribe"]>[0] = article) => {
    const received: string[] = [];
    const stop = client.subscribe(source, {
      signal: (signal, isKnown) => received.push(isKnown ? signal.id : `unknown ${signal.name}`),
      gap: () => received.push("gap"),
    });
    return { received, stop };
  };
  const subscribers = (wireName: string) =>
    [...broker.sockets].filter((socket) => socket.subscriptions.has(wireName)).length;
  return {
    broker,
    route,
    clock,
    environment,
    reports,
    client,
    statuses,
    listen,
    subscribers,
    pings: () => pings,
  };
}
