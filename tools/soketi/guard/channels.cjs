"use strict";
/** Channel names: https://pusher.com/docs/channels/using_channels/channels/#channel-naming-conventions */

const longestName = 164;
const namePattern = /^[A-Za-z0-9_\-=@,;.]+$/;
const userPrefix = "#server-to-user-";

/** The first matching prefix counts. `feature` is the entry of SOKETI_ALLOW that the kind needs. */
const kinds = [
  { prefix: "private-encrypted-", kind: "encrypted", feature: "encrypted", noun: "Encrypted" },
  { prefix: "presence-", kind: "presence", feature: "presence", noun: "Presence" },
  { prefix: "private-", kind: "private", feature: undefined, noun: "Private" },
  { prefix: userPrefix, kind: "user", feature: "user-channels", noun: "User" },
  { prefix: "", kind: "public", feature: "public", noun: "Public" },
];

/** The kind of a channel, whether it is a cache channel, and the name after the prefixes. */
function readChannel(name) {
  const found = kinds.find(({ prefix }) => name.startsWith(prefix));
  const rest = name.slice(found.prefix.length);
  const isCache = found.kind !== "user" && rest.startsWith("cache-");
  return { ...found, isCache, rest: isCache ? rest.slice("cache-".length) : rest };
}

const refusal = (status, type, error) => ({ type, error, status });

/**
 * The data of `pusher:subscription_error` when the channel is not allowed, else undefined. `allowed` is the
 * set of features of SOKETI_ALLOW.
 */
function refuseChannel(name, allowed) {
  if (name.length > longestName) {
    const error = `The channel name has ${name.length} characters, ${longestName} are allowed.`;
    return refusal(4009, "LimitReached", error);
  }
  const { kind, feature, noun, isCache, rest } = readChannel(name);
  if (feature !== undefined && !allowed.has(feature)) {
    return refusal(403, "AuthError", `${noun} channels are not allowed here. ${remedy(feature)}`);
  }
  if (isCache && !allowed.has("cache")) {
    return refusal(403, "AuthError", `Cache channels are not allowed here. ${remedy("cache")}`);
  }
  const checked = kind === "user" ? rest : name;
  if (rest === "" || !namePattern.test(checked)) {
    const error = "A channel name consists of A-Z a-z 0-9 _ - = @ , . ; after its prefix.";
    return refusal(4009, "InvalidName", error);
  }
  return undefined;
}

const remedy = (feature) => `SOKETI_ALLOW must contain "${feature}".`;

module.exports = { readChannel, refusal, refuseChannel, remedy, userPrefix };
