import { createHash, createHmac } from "node:crypto";
import type { SoketiConnection } from "./soketi.ts";

/** A call to the broker's own API, signed as whoever stole its secret would. */
export async function forgeEvent(
  { host, port, appId, key, secret }: SoketiConnection,
  event: { readonly channel: string; readonly name: string; readonly data: string },
): Promise<void> {
  const body = JSON.stringify(event);
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
}
