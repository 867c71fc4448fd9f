import Pusher from "pusher-js";
import type { Broker } from "querycast/server";
import type { SoketiConnection } from "./soketi.ts";

export interface Frame {
  readonly channel: string;
  readonly name: string;
  readonly data: unknown;
}

/** A client of the broker that records every frame. */
export interface Listener {
  readonly frames: Frame[];
  readonly join: (wireName: string) => Promise<void>;
  readonly close: () => void;
}

export function listen(soketi: SoketiConnection, broker: Broker): Listener {
  const client = new Pusher(soketi.key, {
    cluster: "",
    wsHost: soketi.host,
    wsPort: soketi.port,
    forceTLS: false,
    enabledTransports: ["ws"],
    enableStats: false,
    channelAuthorization: {
      endpoint: "",
      transport: "ajax",
      customHandler: ({ socketId, channelName }, callback) => {
        broker.signJoin(socketId, channelName, { id: "reader" }).then(
          (auth) => callback(null, { auth }),
          (error: Error) => callback(error, null),
        );
      },
    },
  });
  const frames: Frame[] = [];
  return {
    frames,
    close: () => client.disconnect(),
    join: (wireName) =>
      new Promise((resolve, reject) => {
        const subscription = client.subscribe(wireName);
        subscription.bind("pusher:subscription_succeeded", () => resolve());
        subscription.bind("pusher:subscription_error", (error: unknown) =>
          reject(new Error(`${wireName} cannot be joined: ${JSON.stringify(error)}`)),
        );
        subscription.bind_global((name: string, data: unknown) => {
          if (!name.startsWith("pusher:")) frames.push({ channel: wireName, name, data });
        });
      }),
  };
}
