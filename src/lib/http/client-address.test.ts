import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import {
  addressGroup,
  addressHeader,
  clientAddress,
  forwardedAddress,
  stampAddresses,
  unknownAddress,
} from "./client-address.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

test.each([
  ["no proxy is trusted", 0, "203.0.113.9", "192.0.2.1"],
  ["no header came", 2, undefined, "192.0.2.1"],
  ["one proxy is trusted", 1, "6.6.6.6, 203.0.113.9", "203.0.113.9"],
  ["two proxies are trusted", 2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"],
  ["the chain is shorter than the setting", 3, "203.0.113.9", "203.0.113.9"],
  ["an entry is no address", 2, "<script>, 10.0.0.2", "10.0.0.2"],
  ["no entry is an address", 1, "unknown", "192.0.2.1"],
  ["an entry has a port", 1, "203.0.113.9:5123", "203.0.113.9"],
  ["an entry is IPv6 with a port", 1, "[2001:db8::1]:5123", "2001:db8::1"],
])("the address is found where %s", (_, trustedProxies, forwardedFor, expected) => {
  const peer = "::ffff:192.0.2.1";
  expect(forwardedAddress({ peer, forwardedFor, trustedProxies })).toBe(expected);
});

test("a connection that has already gone has no address", () => {
  const chain = { peer: undefined, forwardedFor: undefined, trustedProxies: 0 };
  expect(forwardedAddress(chain)).toBe(unknownAddress);
});

test.each([
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2:ffff::1", "2001:db8:1:3::1"],
  ["2001:db8::1", "2001:0db8::2", "2001:db9::1"],
  ["fe80::1", "fe80:0:0:0:9::", "fe81::1"],
  ["64:ff9b::192.0.2.1", "64:ff9b::192.0.2.2", "64:ff9c::192.0.2.1"],
])("limits count %s and %s as one, and %s apart", (one, same, other) => {
  expect(addressGroup(same)).toBe(addressGroup(one));
  expect(addressGroup(other)).not.toBe(addressGroup(one));
});

test("limits count each IPv4 address for itself", () => {
  expect(addressGroup("203.0.113.9")).toBe("203.0.113.9");
});

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function addressSeen(trustedProxies: number | null, sent: Record<string, string>) {
  const ignored: true[] = [];
  if (trustedProxies !== null) {
    closers.push(stampAddresses({ trustedProxies, onIgnored: () => ignored.push(true) }));
  }
  const server = createServer((request: IncomingMessage, response) =>
    response.end(clientAddress(new Headers(request.headers as Record<string, string>))),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  const ask = async () => (await fetch(urlOf(server), { headers: sent })).text();
  return { seen: [await ask(), await ask()], ignored: ignored.length };
}

test("a client cannot name its own address by a header, whichever header it is", async () => {
  const forged = { "x-forwarded-for": "203.0.113.9", [addressHeader]: "guess 203.0.113.9" };
  expect(await addressSeen(0, forged)).toEqual({ seen: ["127.0.0.1", "127.0.0.1"], ignored: 1 });
});

test("behind one trusted proxy the address is the one that the proxy appended", async () => {
  const sent = { "x-forwarded-for": "6.6.6.6, 203.0.113.9" };
  expect(await addressSeen(1, sent)).toEqual({ seen: ["203.0.113.9", "203.0.113.9"], ignored: 0 });
});

test("a request that was not stamped has no address of its own", async () => {
  const { seen } = await addressSeen(null, { [addressHeader]: "guess 203.0.113.9" });
  expect(seen).toEqual([unknownAddress, unknownAddress]);
});

test("a request that this process makes with the headers of another one keeps the address of that one", async () => {
  closers.push(stampAddresses({ trustedProxies: 1 }));
  const inner = createServer((request, response) =>
    response.end(clientAddress(new Headers(request.headers as Record<string, string>))),
  );
  // As Next does after an action that redirects.
  const outer = createServer(async (request, response) => {
    const headers = { [addressHeader]: String(request.headers[addressHeader]) };
    response.end(await (await fetch(urlOf(inner), { headers })).text());
  });
  for (const server of [inner, outer]) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(() => new Promise((resolve) => server.close(resolve)));
  }
  const sent = { "x-forwarded-for": "203.0.113.9" };
  expect(await (await fetch(urlOf(outer), { headers: sent })).text()).toBe("203.0.113.9");
});
