"use strict";

/** A token bucket: `burst` at once, refilled with `perSecond`. Returns a function that takes one token. */
function createBucket(perSecond, burst, nowMs = () => performance.now()) {
  let tokens = burst;
  let filledAtMs = nowMs();
  return () => {
    const atMs = nowMs();
    tokens = Math.min(burst, tokens + ((atMs - filledAtMs) / 1000) * perSecond);
    filledAtMs = atMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

module.exports = { createBucket };
