"use strict";
/**
 * Reads the guard's settings from the environment. docs/operations.md lists them.
 *
 * - SOKETI_ALLOWED_ORIGINS: origins of pages that may connect, separated by commas or spaces. Unset: any origin.
 * - SOKETI_ALLOW: comma-separated features beyond private channels, or `all`. Unset: none.
 * - SOKETI_FRAMES_PER_SECOND, SOKETI_FRAME_BURST: the frame limit of one socket. Unset: 50 and 500.
 */

/** The features of SOKETI_ALLOW. */
const features = [
  "public",
  "presence",
  "encrypted",
  "cache",
  "client-events",
  "user-channels",
  "event-names",
];

const list = (text = "") => text.split(/[\s,]+/).filter((entry) => entry !== "");

/** @throws {Error} with the variable, its value and the possible values. */
function readSettings(env) {
  return {
    allowedOrigins: list(env.SOKETI_ALLOWED_ORIGINS),
    allowed: readFeatures(env.SOKETI_ALLOW),
    framesPerSecond: readCount(env, "SOKETI_FRAMES_PER_SECOND", 50),
    frameBurst: readCount(env, "SOKETI_FRAME_BURST", 500),
  };
}

function readFeatures(text) {
  const named = list(text);
  const unknown = named.filter((name) => name !== "all" && !features.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `SOKETI_ALLOW contains "${unknown[0]}". Possible values: ${features.join(", ")}, all.`,
    );
  }
  return new Set(named.includes("all") ? features : named);
}

function readCount(env, name, fallback) {
  const text = env[name];
  if (text === undefined || text === "") return fallback;
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 1_000_000) return count;
  throw new Error(`${name} is "${text}". It must be a whole number from 1 to 1000000.`);
}

module.exports = { readSettings };
