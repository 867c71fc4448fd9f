import { createHash, createHmac } from "node:crypto";
import { pusher } from "@/realtime/transports/pusher/client.ts";
import { createPusherBroker } from "@/realtime/transports/pusher/server.ts";
import { startOwnSoketi } from "../support/soketi.ts";
import { conformance, type Delivery } from "./conformance.ts";

conformance("a real Soketi", async (): Promise<Delivery> => {
  let soketi = await startOwnSoketi();
  const { host, port, appId, key, secret } = soketi;
  const broker = createPusherBroker({ host, port, appId, key, secret, tls: false });

  /** A call to the broker's own API, signed as whoever stole its secret would. */
  const forge = async (channel: string, name: string, data: unknown) => {
    const body = JSON.stringify({ channel, name, data: JSON.stringify(data) });
    const md5 = createHash("md5").update(body).digest("hex");
    const path = `/apps/${appId}/events`;
    const time = Math.floor(Date.now() / 1000);
    const query = `auth_key=${key}&auth_timestamp=${time}&auth_version=1.0&body_md5=${md5}`;
    const signature = createHmac("sha256", secret).update(`POST\n${path}\n${query}`).digest("hex");
    const response = await fetch(
      `http://${host}:${port}${path}?${query}&auth_signature=${signature}`,
      { method: "POST", headers: { "content-type": "application/json" }, body },
    );
    if (!response.ok) throw new Error(`The forgery was refused: ${await response.text()}`);
  };

  return {
    broker,
    transport: () => pusher({ key, host, port, tls: false }),
    cut: () => soketi.kill(),
    restore: async () => {
      soketi = await startOwnSoketi({ port });
    },
    forge,
    close: async () => {
      broker.close();
      await soketi.stop();
    },
  };
});
