import PusherServer from "pusher";
import Pusher, { type Channel } from "pusher-js";
import { vi } from "vitest";
import type { SoketiConnection } from "./soketi.ts";

/** The real `pusher-js`, connected to a broker, with signatures of the real `pusher`. */
export interface PusherClient {
  readonly pusher: Pusher;
  /** Resolves with the data of `pusher:subscription_succeeded`, or rejects with the data of the error. */
  join(channel: string): Promise<Channel>;
  close(): void;
}

/** The server side of the same app. */
export function openPusherServer({ host, port, appId, key, secret }: SoketiConnection) {
  const encryptionMasterKeyBase64 = Buffer.alloc(32, 1).toString("base64");
  const app = { appId, key, secret, encryptionMasterKeyBase64 };
  return new PusherServer({ ...app, host, port: String(port), useTLS: false });
}

export async function openPusherClient(
  soketi: SoketiConnection,
  userId = "reader",
): Promise<PusherClient> {
  const server = openPusherServer(soketi);
  const pusher = new Pusher(soketi.key, {
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
        const member = { user_id: userId, user_info: { name: "Ada" } };
        const isPresence = channelName.startsWith("presence-");
        callback(
          null,
          server.authorizeChannel(socketId, channelName, isPresence ? member : undefined),
        );
      },
    },
    userAuthentication: {
      endpoint: "",
      transport: "ajax",
      customHandler: ({ socketId }, callback) =>
        callback(null, server.authenticateUser(socketId, { id: userId })),
    },
  });
  await vi.waitUntil(() => pusher.connection.state === "connected", { timeout: 15_000 });
  return {
    pusher,
    join: (name) =>
      new Promise((resolve, reject) => {
        const channel = pusher.subscribe(name);
        channel.bind("pusher:subscription_succeeded", () => resolve(channel));
        channel.bind("pusher:subscription_error", (error: unknown) => reject(error));
      }),
    close: () => pusher.disconnect(),
  };
}
