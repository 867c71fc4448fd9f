"use strict";
/** Validates requests to the HTTP API. Each check returns the reason of a refusal, or undefined. */
const { refuseChannel } = require("./channels.cjs");
const { isObject, isText } = require("./frames.cjs");

const plainName = /^[A-Za-z0-9_.:-]{1,200}$/;
/** For event names of other frameworks, such as `App\\Events\\OrderShipped`: no control characters. */
const anyName = /^[^\p{Cc}\p{Cs}]{1,200}$/u;
const socketIdPattern = /^\d{1,20}\.\d{1,20}$/;

function refuseEvent(event, allowed) {
  if (!isObject(event)) return "An event is a JSON object.";
  const { name, data, socket_id: socketId } = event;
  const channels = event.channels ?? [event.channel];
  const namePattern = allowed.has("event-names") ? anyName : plainName;
  if (!isText(name, 200) || !namePattern.test(name)) {
    return 'An event name has 1 to 200 characters of A-Z a-z 0-9 _ . : -. SOKETI_ALLOW with "event-names" allows others.';
  }
  if (typeof data !== "string" || data === "")
    return "The data of an event is a string that is not empty.";
  if (!Array.isArray(channels) || channels.length < 1 || channels.length > 100) {
    return "An event goes to 1 to 100 channels.";
  }
  if (socketId !== undefined && !(typeof socketId === "string" && socketIdPattern.test(socketId))) {
    return "A socket id has the form 1.2.";
  }
  for (const channel of channels) {
    if (typeof channel !== "string") return "A channel name is a string.";
    const reason = refuseChannel(channel, allowed)?.error;
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Validates a body by the end of the request's path. */
function refuseBody(path, body, allowed) {
  if (path.endsWith("/terminate_connections")) return undefined;
  if (path.endsWith("/events")) return refuseEvent(body, allowed);
  if (!isObject(body) || !Array.isArray(body.batch)) return "A batch is a list of events.";
  return body.batch
    .map((event) => refuseEvent(event, allowed))
    .find((reason) => reason !== undefined);
}

/** A signature is valid for ten minutes: https://pusher.com/docs/channels/library_auth_reference/rest-api/ */
const signatureWindowSeconds = 600;

function refuseQuery(query, nowMs) {
  if (Object.values(query).some((value) => typeof value !== "string")) {
    return "A query parameter occurs more than once.";
  }
  const ageSeconds = Math.abs(nowMs / 1000 - Number(query.auth_timestamp));
  return ageSeconds <= signatureWindowSeconds
    ? undefined
    : "The timestamp is more than ten minutes off.";
}

module.exports = { refuseBody, refuseQuery };
