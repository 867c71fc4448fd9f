"use strict";
/** Adds the checks of frames.cjs in front of Soketi's WebSocket handlers, and limits frames per socket. */
const { PublicChannelManager } = require("@soketi/soketi/dist/channels");
const { Namespace } = require("@soketi/soketi/dist/namespace");
const { Server } = require("@soketi/soketi/dist/server");
const { Utils } = require("@soketi/soketi/dist/utils");
const { WsHandler } = require("@soketi/soketi/dist/ws-handler");
const { readChannel } = require("./channels.cjs");
const { judgeFrame, parse } = require("./frames.cjs");
const { createBucket } = require("./rate-limit.cjs");

/**
 * Room for a sign-in with a watchlist of 100 ids of 128 characters, which takes 13 KB. The longest subscription takes
 * less: a name of 164 characters, an auth of 300, a member id of 200 and 2 KB of details, escaped as JSON in JSON.
 */
const longestFrameBytes = 16 * 1024;
/** https://pusher.com/docs/channels/using_channels/events/#rate-limit-your-events: ten a second. */
const clientEventsPerSecond = 10;

function guardSockets({ allowed, allowedOrigins, framesPerSecond, frameBurst }) {
  const { configureWebsockets } = Server.prototype;
  Server.prototype.configureWebsockets = function (app) {
    const ws = app.ws.bind(app);
    app.ws = (path, behavior) => ws(path, { ...behavior, maxPayloadLength: longestFrameBytes });
    return configureWebsockets.call(this, app);
  };

  const { handleUpgrade, onClose, onMessage, onOpen } = WsHandler.prototype;
  WsHandler.prototype.handleUpgrade = function (res, req, context) {
    const origin = req.getHeader("origin");
    // Clients other than browsers send no Origin. Signatures decide what they receive.
    if (origin !== "" && allowedOrigins.length > 0 && !allowedOrigins.includes(origin)) {
      res.writeStatus("403 Forbidden").end();
      return;
    }
    handleUpgrade.call(this, res, req, context);
  };

  WsHandler.prototype.onOpen = function (ws) {
    ws.takeFrame = createBucket(framesPerSecond, frameBurst);
    ws.takeClientEvent = createBucket(clientEventsPerSecond, clientEventsPerSecond);
    onOpen.call(this, ws);
  };

  WsHandler.prototype.onMessage = function (ws, message, isBinary) {
    // Checked before the frame is parsed. 4100: clients may reconnect after a back-off.
    if (!ws.takeFrame()) {
      const limit = `${framesPerSecond} frames per second, ${frameBurst} at once`;
      return closeWith(ws, 4100, `Too many frames: ${limit} are allowed.`);
    }
    const frame = isBinary ? undefined : parse(Buffer.from(message).toString("utf8"));
    const judgement = judgeFrame(frame, { allowed, userId: ws.user?.id });
    if (judgement.verdict === "close") return closeWith(ws, 4301, judgement.reason);
    // Soketi is still loading the app. By the protocol, clients wait for connection_established.
    if (ws.app === undefined)
      return closeWith(ws, 4301, "Wait for the connection to be established.");
    if (judgement.verdict === "ignore") return undefined;
    if (judgement.verdict === "answer") return ws.sendJson(judgement.frame);
    if (judgement.isClientEvent && !ws.takeClientEvent()) {
      const message = `Too many client events: ${clientEventsPerSecond} per second are allowed.`;
      return ws.sendJson({
        event: "pusher:error",
        channel: frame.channel,
        data: { code: 4301, message },
      });
    }
    try {
      // Passes the checked frame. Soketi does not parse an object again.
      return onMessage.call(this, ws, frame, isBinary);
    } catch (error) {
      console.error("Soketi threw while handling a frame:", error);
      return closeWith(ws, 4301, "The frame could not be handled.");
    }
  };

  /**
   * Soketi does not remove sockets that were closed with 4200, its own code on shutdown. A client that
   * closes with 4200 would stay subscribed for ever.
   */
  WsHandler.prototype.onClose = function (ws, code, message) {
    onClose.call(this, ws, code === 4200 && !this.server.closing ? 1000 : code, message);
  };

  readNamesByTheirStart(allowed);
  keepUsersApart();
  if (allowed.has("public")) letPublicSocketsStay();
}

/** Soketi searches for "cache-", "private-" and "client-" anywhere in a name. */
function readNamesByTheirStart(allowed) {
  Utils.isCachingChannel = (name) => allowed.has("cache") && readChannel(name).isCache;
  Utils.isPrivateChannel = (name) => name.startsWith("private-") || name.startsWith("presence-");
  Utils.isClientEvent = (event) => event.startsWith("client-");
}

/**
 * Removes a socket from its former user when it signs in as another one. Soketi would keep it after it has
 * closed, and then fail to deliver to that user's other sockets.
 */
function keepUsersApart() {
  const { addUser } = Namespace.prototype;
  Namespace.prototype.addUser = function (ws) {
    const former = ws.signedInAs;
    if (former !== undefined && former !== ws.user?.id) {
      this.removeUser({ id: ws.id, user: { id: former } });
    }
    ws.signedInAs = ws.user?.id;
    return addUser.call(this, ws);
  };
}

/**
 * With user authentication, Soketi closes sockets that have neither signed in nor joined a signed channel
 * within 30 s. When public channels are allowed, joining one is enough.
 */
function letPublicSocketsStay() {
  const { join } = PublicChannelManager.prototype;
  PublicChannelManager.prototype.join = async function (ws, channel, message) {
    const response = await join.call(this, ws, channel, message);
    if (response.success) clearTimeout(ws.userAuthenticationTimeout);
    return response;
  };
}

/** The reason of a close frame has at most 123 bytes. */
function closeWith(ws, code, message) {
  ws.sendJson({ event: "pusher:error", data: { code, message } });
  ws.end(code, message);
}

module.exports = { guardSockets };
