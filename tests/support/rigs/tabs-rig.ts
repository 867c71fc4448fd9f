import type {
  Disconnection,
  Transport,
  TransportConnection,
} from "../../../src/realtime/client/transport.ts";
import { signChannel, signUserData } from "../../../src/realtime/testing/fakes/fake-app.ts";
import { createFakeBroker } from "../../../src/realtime/testing/fakes/fake-broker.ts";
import {
  createFakeBrowser,
  type FakeTab,
} from "../../../src/realtime/testing/fakes/fake-browser.ts";
import { createFakeClock } from "../../../src/realtime/testing/fakes/fake-clock.ts";
import { shared } from "../../../src/realtime/transports/shared/client.ts";

/** Creates a fake browser whose pages share one connection to a fake broker. */
export function setUp() {
  const clock = createFakeClock();
  const browser = createFakeBrowser(clock);
  const broker = createFakeBroker();

  /** Opens a page that reconnects 50 ms after a disconnect and subscribes again. */
  const openPage = ({ tab = browser.openTab(), key = "u1" as string, again = true } = {}) => {
    const transport = shared(dyingWith(broker.transport, tab), {
      key,
      tabs: tab,
      clock: tab.clock,
    });
    const wanted = new Set<string>();
    const received: string[] = [];
    const lost: Disconnection[] = [];
    let acknowledged = new Set<string>();
    let connection: TransportConnection | undefined;
    let socketId: string | undefined;
    let isClosed = false;
    const ask = (wireName: string) => {
      if (socketId === undefined) return;
      connection?.subscribe(wireName, signChannel(broker.app, socketId, wireName));
    };
    const connect = () => {
      if (isClosed) return;
      connection = transport.connect({
        connected: (id) => {
          socketId = id;
          for (const wireName of wanted) ask(wireName);
        },
        disconnected: (why) => {
          lost.push(why);
          socketId = undefined;
          acknowledged = new Set();
          if (again) tab.clock.after(50, connect);
        },
        subscribed: (wireName) => acknowledged.add(wireName),
        subscriptionFailed: (wireName) => received.push(`failed ${wireName}`),
        event: (wireName, name) => received.push(`${wireName} ${name}`),
      });
    };
    connect();
    return {
      tab,
      received,
      lost,
      wanted,
      socketId: () => socketId,
      acknowledged: () => [...acknowledged].sort(),
      subscribe: (wireName: string) => {
        wanted.add(wireName);
        ask(wireName);
      },
      unsubscribe: (wireName: string) => {
        wanted.delete(wireName);
        acknowledged.delete(wireName);
        connection?.unsubscribe(wireName);
      },
      /** Records "pong" for each answer. */
      ping: () => connection?.ping(() => received.push("pong")),
      signIn: () => {
        const userData = JSON.stringify({ id: "u1" });
        connection?.signIn(signUserData(broker.app, socketId ?? "", userData), userData);
      },
      close: () => {
        isClosed = true;
        connection?.close();
      },
    };
  };
  /** Opens a leader and followers, all subscribed to `private-a.e0`. */
  const openPages = async (count: number) => {
    const pages = [];
    for (let index = 0; index < count; index += 1) {
      const page = openPage();
      await clock.advance(20);
      page.subscribe("private-a.e0");
      await clock.advance(20);
      pages.push(page);
    }
    const [leader, ...followers] = pages;
    if (leader === undefined) throw new Error("No page was opened.");
    return { leader, followers };
  };
  const subscribed = () => [...broker.sockets].map((socket) => [...socket.subscriptions].sort());
  return { clock, browser, broker, openPage, openPages, subscribed };
}

export type Page = ReturnType<ReturnType<typeof setUp>["openPage"]>;

/** A tab that crashes closes its sockets. */
function dyingWith(transport: Transport, tab: FakeTab): Transport {
  return {
    name: transport.name,
    connect: (handlers) => {
      const connection = transport.connect(handlers);
      const { crash } = tab;
      tab.crash = () => {
        crash();
        connection.close();
      };
      return connection;
    },
  };
}
