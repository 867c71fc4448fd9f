import { createHash, createHmac } from "node:crypto";
import type { SoketiConnection } from "./soketi.ts";

export interface SignedRequest {
  /** Default POST. */
  readonly method?: string;
  /** Path below the app, e.g. `/events`. */
  readonly path: string;
  /** Strings are sent unchanged, other values as JSON. */
  readonly body?: unknown;
  /** Replace or extend the usual parameters; signed with them. */
  readonly query?: Readonly<Record<string, string>>;
  /** Default: the app's secret. */
  readonly secret?: string;
  /** Default: the existing app. */
  readonly appId?: string;
  /** Changes the request after signing. */
  readonly tamper?: (sent: { path: string; query: string; body: string | undefined }) => {
    path?: string;
    query?: string;
    body?: string;
  };
}

/** Calls the broker's HTTP API, signed by https://pusher.com/docs/channels/library_auth_reference/rest-api/ */
export function signedRequest(soketi: SoketiConnection, request: SignedRequest): Promise<Response> {
  const { method = "POST", secret = soketi.secret, appId = soketi.appId } = request;
  const body =
    request.body === undefined || typeof request.body === "string"
      ? request.body
      : JSON.stringify(request.body);
  const path = `/apps/${appId}${request.path}`;
  const parameters: Record<string, string> = {
    auth_key: soketi.key,
    auth_timestamp: String(Math.floor(Date.now() / 1000)),
    auth_version: "1.0",
    ...(body === undefined ? {} : { body_md5: createHash("md5").update(body).digest("hex") }),
    ...request.query,
  };
  const unsigned = Object.keys(parameters)
    .sort()
    .map((name) => `${name}=${parameters[name]}`)
    .join("&");
  const signature = createHmac("sha256", secret)
    .update(`${method}\n${path}\n${unsigned}`)
    .digest("hex");
  const signed = { path, query: `${unsigned}&auth_signature=${signature}`, body };
  const sent = { ...signed, ...request.tamper?.(signed) };
  return fetch(`http://${soketi.host}:${soketi.port}${sent.path}?${sent.query}`, {
    method,
    ...(sent.body === undefined ? {} : { body: sent.body }),
    signal: AbortSignal.timeout(5_000),
  });
}
