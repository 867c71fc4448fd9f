"use strict";
/**
 * What may reach Soketi. Each check answers with why not, or with undefined.
 *
 * Soketi 1.6.1 reads members of whatever it parsed: `{"event":"pusher:subscribe"}` from anybody with
 * the public key ends the process for everyone. Nothing that is not of the expected shape may get in.
 */

/** https://pusher.com/docs/channels/using_channels/channels/#channel-naming-conventions, private ones only. */
const channelPattern = /^private-(?!encrypted-|cache-)[A-Za-z0-9_\-=@,;.]{1,156}$/;
const eventNamePattern = /^[A-Za-z0-9_.:-]{1,200}$/;
const socketIdPattern = /^\d{1,20}\.\d{1,20}$/;

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value, longest) => typeof value === "string" && value.length <= longest;
const isChannel = (value) => typeof value === "string" && channelPattern.test(value);

function refuseFrame(frame) {
  if (!isObject(frame)) return "A frame is a JSON object.";
  if (!isText(frame.event, 200)) return "A frame names its event.";
  const check = frameChecks[frame.event];
  if (check === undefined) return "Clients send ping, subscribe, unsubscribe and signin only.";
  return check(isObject(frame.data) ? frame.data : {});
}

const frameChecks = {
  // No prototype: `constructor` and the like are not events.
  __proto__: null,
  "pusher:ping": () => undefined,
  "pusher:pong": () => undefined,
  "pusher:subscribe": ({ channel, auth }) =>
    isChannel(channel) && isText(auth, 300)
      ? undefined
      : "Only private channels are served, each with a signature.",
  "pusher:unsubscribe": ({ channel }) =>
    isChannel(channel) ? undefined : "There is no such channel.",
  "pusher:signin": ({ auth, user_data: userData }) =>
    isText(auth, 300) && isText(userData, 4096) && isUser(userData)
      ? undefined
      : "Signing in takes a signature and the user's data.",
};

function isUser(userData) {
  try {
    const user = JSON.parse(userData);
    return isObject(user) && isText(user.id, 200) && user.id !== "";
  } catch {
    return false;
  }
}

function refuseEvent(event) {
  if (!isObject(event)) return "An event is a JSON object.";
  const { name, data, socket_id: socketId } = event;
  const channels = event.channels ?? [event.channel];
  if (!isText(name, 200) || !eventNamePattern.test(name)) return "An event has a name.";
  if (typeof data !== "string" || data === "") return "The data of an event is a string.";
  if (!Array.isArray(channels) || channels.length < 1 || channels.length > 100) {
    return "An event goes to 1 to 100 channels.";
  }
  if (!channels.every(isChannel)) return "An event goes to private channels.";
  if (socketId !== undefined && !(typeof socketId === "string" && socketIdPattern.test(socketId))) {
    return "A socket id has the form 1.2.";
  }
  return undefined;
}

/** Checks the body of a request to the HTTP API by the end of its path. */
function refuseBody(path, body) {
  if (path.endsWith("/terminate_connections")) return undefined;
  if (path.endsWith("/events")) return refuseEvent(body);
  if (!isObject(body) || !Array.isArray(body.batch)) return "A batch is a list of events.";
  return body.batch.map(refuseEvent).find((reason) => reason !== undefined);
}

/** Requests are signed for ten minutes: https://pusher.com/docs/channels/library_auth_reference/rest-api/ */
const signatureWindowSeconds = 600;

function refuseQuery(query, nowMs) {
  if (Object.values(query).some((value) => typeof value !== "string")) {
    return "Each parameter is given once.";
  }
  const ageSeconds = Math.abs(nowMs / 1000 - Number(query.auth_timestamp));
  return ageSeconds <= signatureWindowSeconds
    ? undefined
    : "The timestamp is more than ten minutes off.";
}

module.exports = { refuseBody, refuseFrame, refuseQuery };
