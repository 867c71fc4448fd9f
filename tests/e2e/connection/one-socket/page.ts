import Pusher from "pusher-js";
import { createRealtimeClient } from "querycast";
import { pusher } from "querycast/transports/pusher/client";
import { channels } from "@/channels/index.ts";

interface Start {
  readonly key: string;
  readonly host: string;
  readonly port: number;
  readonly articleId: string;
}

declare global {
  interface Window {
    /** Passed by the test: signs as the app's route would. */
    signPresence(
      socketId: string,
      channel: string,
    ): Promise<{ auth: string; channel_data: string }>;
    /** Events of the page, in order. */
    noticed: string[];
    start(options: Start): void;
    stopSignals(): void;
    disconnect(): void;
    connect(): void;
    instanceState(): string;
  }
}

/** A page of an app with a `Pusher` instance for its presence channel and for the library's signals. */
window.noticed = [];
window.start = ({ key, host, port, articleId }) => {
  const instance = new Pusher(key, {
    cluster: "",
    wsHost: host,
    wsPort: port,
    forceTLS: false,
    enabledTransports: ["ws"],
    channelAuthorization: {
      endpoint: "",
      transport: "ajax",
      customHandler: ({ socketId, channelName }, callback) => {
        window.signPresence(socketId, channelName).then(
          (signed) => callback(null, signed),
          (error: Error) => callback(error, null),
        );
      },
    },
  });
  const room = instance.subscribe("presence-room");
  room.bind("pusher:subscription_succeeded", () => window.noticed.push("room joined"));
  room.bind("pusher:member_added", ({ id }: { id: string }) => window.noticed.push(`${id} came`));
  room.bind("pusher:member_removed", ({ id }: { id: string }) => window.noticed.push(`${id} left`));

  const client = createRealtimeClient({ channels, transport: pusher(instance) });
  client.onStateChange(() => window.noticed.push(client.getState().status));
  client.subscribe(channels.resource({ resourceType: "article", resourceId: articleId }), {
    signal: ({ name }) => window.noticed.push(name),
    gap: () => window.noticed.push("gap"),
  });
  window.stopSignals = () => client.close();
  window.disconnect = () => instance.disconnect();
  window.connect = () => instance.connect();
  window.instanceState = () => instance.connection.state;
};
