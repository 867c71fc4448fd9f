/** Address of a broker with the Pusher protocol. */
export interface PusherAddress {
  /** The app's public key. After a key rotation the next connection uses the key that the server sends. */
  readonly key: string;
  /** Cluster of hosted Pusher, e.g. `eu`. Gives the host `ws-eu.pusher.com` unless `host` is set. */
  readonly cluster?: string;
  /** Host of the broker's WebSocket, e.g. `127.0.0.1` or `broker.example.com`. */
  readonly host?: string;
  /** Default 443 with TLS, 80 without. */
  readonly port?: number;
  /** Path before `/app/<key>`, e.g. `/soketi` where an ingress routes by path. Default: none. */
  readonly path?: string;
  /** Default `true`. A page served over https always uses TLS. */
  readonly tls?: boolean;
}

/** A {@link PusherAddress} with its defaults filled in. */
export interface ResolvedAddress {
  readonly host: string;
  readonly port: number;
  /** Empty, or with a leading and without a trailing slash. */
  readonly path: string;
  readonly tls: boolean;
}

/** @throws TypeError when neither a host nor a cluster is given. */
export function resolveAddress(address: PusherAddress): ResolvedAddress {
  const { cluster, host = cluster && `ws-${cluster}.pusher.com`, path = "" } = address;
  if (!host) {
    throw new TypeError("The broker has no address. Give a host, or a cluster of hosted Pusher.");
  }
  // Browsers block unencrypted sockets on https pages.
  const tls = (address.tls ?? true) || globalThis.location?.protocol === "https:";
  const segments = path.split("/").filter((segment) => segment !== "");
  return {
    host,
    port: address.port ?? (tls ? 443 : 80),
    path: segments.map((segment) => `/${segment}`).join(""),
    tls,
  };
}
