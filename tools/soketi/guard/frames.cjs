"use strict";
/**
 * Validates each frame that a client sends.
 *
 * Soketi 1.6.1 reads members of a parsed frame without checking them: `{"event":"pusher:subscribe"}` from a
 * client with the public key ends the process. So only frames of the expected shape reach Soketi.
 *
 * A frame that violates the protocol closes its socket. A valid frame that is not allowed gets an error and
 * the socket stays open: for pusher-js, a close with 43xx is final for all channels on the socket.
 */
const { readChannel, refusal, refuseChannel, remedy, userPrefix } = require("./channels.cjs");

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value, longest) => typeof value === "string" && value.length <= longest;
const longestAuth = 300;
const longestId = 200;
const deepestData = 64;

const pass = Object.freeze({ verdict: "pass" });
/** The frame is dropped without an answer. */
const ignore = Object.freeze({ verdict: "ignore" });
const close = (reason) => ({ verdict: "close", reason });
const answer = (frame) => ({ verdict: "answer", frame });
/** https://pusher.com/docs/channels/library_auth_reference/pusher-websockets-protocol/#error-codes */
const answerError = (message, channel) =>
  answer({ event: "pusher:error", channel, data: { code: 4301, message } });

/**
 * `allowed`: the features of SOKETI_ALLOW. `userId`: the user that this socket has signed in as, if any.
 */
function judgeFrame(frame, { allowed, userId }) {
  if (!isObject(frame)) return close("A frame is a JSON object.");
  const { event, data } = frame;
  if (typeof event !== "string") return close("The event of a frame is a string.");
  if (event.startsWith("client-")) return judgeClientEvent(frame, allowed);
  const judge = judges[event];
  if (judge === undefined) {
    return answerError("Clients send ping, pong, subscribe, unsubscribe and signin.");
  }
  return judge(isObject(data) ? data : {}, { allowed, userId });
}

const judges = {
  // No prototype: `constructor` and the like are not events.
  __proto__: null,
  "pusher:ping": () => pass,
  "pusher:pong": () => ignore,
  "pusher:subscribe": (data, context) => {
    const { channel } = data;
    if (typeof channel !== "string") return close("A subscription names its channel.");
    const error = refuseSubscription(data, context);
    return error ? answer({ event: "pusher:subscription_error", channel, data: error }) : pass;
  },
  "pusher:unsubscribe": ({ channel }, { allowed }) => {
    if (typeof channel !== "string") return close("An unsubscription names its channel.");
    return refuseChannel(channel, allowed) ? ignore : pass;
  },
  // The limit of a frame is the only limit of length. The user's data may contain a long id, details and a watchlist.
  "pusher:signin": ({ auth, user_data: userData }) =>
    typeof auth === "string" && isUser(userData)
      ? pass
      : close("A signin needs a signature and the user's data."),
};

function refuseSubscription({ channel, auth, channel_data: member }, { allowed, userId }) {
  const error = refuseChannel(channel, allowed);
  if (error !== undefined) return error;
  const { kind } = readChannel(channel);
  if (kind === "public") return undefined;
  if (kind === "user") {
    return channel === `${userPrefix}${userId}`
      ? undefined
      : refusal(
          401,
          "AuthError",
          "A socket can subscribe only to the channel of its signed-in user.",
        );
  }
  if (!isText(auth, longestAuth) || auth === "") {
    return refusal(
      401,
      "AuthError",
      `The auth of a subscription is a string of at most ${longestAuth} characters.`,
    );
  }
  if (kind === "presence" && !isMember(member)) {
    const text =
      "A presence channel needs channel_data: JSON with user_id and, optionally, user_info.";
    return refusal(401, "AuthError", text);
  }
  return undefined;
}

/** The app itself must allow client events too: `enableClientMessages` of Soketi. */
function judgeClientEvent({ event, channel, data }, allowed) {
  if (!allowed.has("client-events")) {
    return answerError(`Client events are not allowed here. ${remedy("client-events")}`);
  }
  const isFit =
    event.length <= 200 &&
    typeof channel === "string" &&
    ["private", "presence"].includes(readChannel(channel).kind) &&
    refuseChannel(channel, allowed) === undefined &&
    isShallow(data, deepestData);
  return isFit
    ? { ...pass, isClientEvent: true }
    : answerError(
        "A client event needs a name of at most 200 characters and a private or presence channel.",
      );
}

const isUserId = (id) => (isText(id, longestId) && id !== "") || Number.isFinite(id);

function isMember(text) {
  const member = parse(text);
  return isObject(member) && isUserId(member.user_id) && isShallow(member.user_info, deepestData);
}

function isUser(text) {
  const user = parse(text);
  return isObject(user) && typeof user.id === "string" && user.id !== "";
}

function parse(text) {
  if (typeof text !== "string") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Soketi serialises this again, which recurses: deep data would overflow its stack. */
function isShallow(value, depth) {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1));
}

module.exports = { isObject, isText, judgeFrame, parse };
