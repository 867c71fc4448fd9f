import { randomBytes } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { singleton } from "../singleton.ts";

/** The header that carries a request's address inside this process. Browsers cannot set it: see {@link stampAddress}. */
export const addressHeader = "x-inkwell-address";

/** The address of a request that carries no stamp. All of them share one allowance. */
export const unknownAddress = "unknown";

/** A secret of this process, so only {@link stampAddress} can have written a header that contains it. */
const seal = () => singleton("address-seal", () => randomBytes(16).toString("base64url"));

export interface AddressChain {
  /** The other end of the connection, as the socket reports it. */
  readonly peer: string | undefined;
  /** `X-Forwarded-For`: addresses with commas between them; each proxy appends the address it sees. */
  readonly forwardedFor: string | undefined;
  /** How many proxies in front of this process append to `forwardedFor`. With 0 the header is ignored. */
  readonly trustedProxies: number;
}

/**
 * The address a request came from: the peer, or the address that the outermost trusted proxy saw. Entries
 * further to the left were written by the client. An entry that is no IP address is skipped in favour of the
 * proxy that passed it on.
 */
export function forwardedAddress({ peer, forwardedFor, trustedProxies }: AddressChain): string {
  const hops = trustedProxies === 0 ? [] : (forwardedFor ?? "").split(",").slice(-trustedProxies);
  return [...hops, peer ?? ""].map(toAddress).find((hop) => hop !== null) ?? unknownAddress;
}

/** Without port, brackets and zone; an IPv4 address that is written as IPv6 becomes IPv4. */
function toAddress(entry: string): string | null {
  const text = entry.trim().toLowerCase();
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? text;
  const host = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(bare)?.[1] ?? bare.replace(/%.*$/, "");
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(host)?.[1] ?? host;
  return isIP(v4) === 0 ? null : v4;
}

/**
 * Writes the request's address into {@link addressHeader}, and replaces what the client sent there. Next's route
 * handlers see headers only, not the socket.
 *
 * A request that already has a stamp keeps it: after an action that redirects, Next requests the new page from
 * this process itself, with the headers of the action.
 */
export function stampAddress(request: IncomingMessage, trustedProxies: number): void {
  if (isStamped(request)) return;
  const address = forwardedAddress({
    peer: request.socket.remoteAddress,
    forwardedFor: request.headers["x-forwarded-for"]?.toString(),
    trustedProxies,
  });
  request.headers[addressHeader] = `${seal()} ${address}`;
}

function isStamped({ headers }: IncomingMessage): boolean {
  return headers[addressHeader]?.toString().split(" ")[0] === seal();
}

export interface StampAddressesOptions {
  readonly trustedProxies: number;
  /** Called once, at the first request that has an `X-Forwarded-For` although no proxy is trusted. */
  readonly onIgnored?: () => void;
}

/**
 * Stamps every request of every HTTP server in this process before its own listeners run.
 *
 * @returns Stops stamping.
 */
export function stampAddresses({ trustedProxies, onIgnored }: StampAddressesOptions): () => void {
  let isReported = trustedProxies > 0;
  const onRequest = (message: unknown) => {
    const { request } = message as { readonly request: IncomingMessage };
    if (isStamped(request)) return;
    stampAddress(request, trustedProxies);
    if (isReported || request.headers["x-forwarded-for"] === undefined) return;
    isReported = true;
    onIgnored?.();
  };
  subscribe("http.server.request.start", onRequest);
  return () => unsubscribe("http.server.request.start", onRequest);
}

/** The address in a stamp of this process; {@link unknownAddress} without one. */
export function clientAddress(headers: Pick<Headers, "get">): string {
  const [written, address] = (headers.get(addressHeader) ?? "").split(" ");
  return written === seal() && address ? address : unknownAddress;
}

/**
 * What limits count by. One subscriber has a whole IPv6 /64 network, so those addresses are one; any other
 * address counts for itself.
 */
export function addressGroup(address: string): string {
  if (isIP(address) !== 6) return address;
  const [left = "", right] = address.split("::");
  const head = left === "" ? [] : left.split(":");
  // An IPv4 tail takes the place of two groups; only the first four of eight matter.
  const tail = right ? right.split(":") : [];
  const tailGroups = tail.length + (right?.includes(".") ? 1 : 0);
  const zeros = right === undefined ? 0 : 8 - head.length - tailGroups;
  const groups = [...head, ...Array.from({ length: zeros }, () => "0"), ...tail].slice(0, 4);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, "")).join(":")}::/64`;
}
