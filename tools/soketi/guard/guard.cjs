"use strict";
/**
 * Loaded before Soketi: `node -r ./guard/guard.cjs …/server.js start`. Puts checks in front of its
 * handlers, bounds what it reads, and restores the statuses it meant to send. docs/operations.md says
 * why.
 *
 * SOKETI_ALLOWED_ORIGINS: comma-separated origins of pages that may connect. Unset: any. A handshake
 * without an Origin header is no page's and passes; what it may hear is decided by signatures.
 */
const { timingSafeEqual } = require("node:crypto");
const { HttpHandler } = require("@soketi/soketi/dist/http-handler");
const { Server } = require("@soketi/soketi/dist/server");
const { Utils } = require("@soketi/soketi/dist/utils");
const { WsHandler } = require("@soketi/soketi/dist/ws-handler");
const { refuseBody, refuseFrame, refuseQuery } = require("./checks.cjs");

const longestFrameBytes = 16 * 1024;
const longestBodyBytes = 128 * 1024;
const allowedOrigins = (process.env.SOKETI_ALLOWED_ORIGINS ?? "")
  .split(",")
  .map((origin) => origin.trim())
  .filter((origin) => origin !== "");

// --- WebSockets

const { configureWebsockets } = Server.prototype;
Server.prototype.configureWebsockets = function (app) {
  const ws = app.ws.bind(app);
  app.ws = (path, behavior) => ws(path, { ...behavior, maxPayloadLength: longestFrameBytes });
  return configureWebsockets.call(this, app);
};

const { handleUpgrade, onClose, onMessage } = WsHandler.prototype;
WsHandler.prototype.handleUpgrade = function (res, req, context) {
  const origin = req.getHeader("origin");
  if (origin !== "" && allowedOrigins.length > 0 && !allowedOrigins.includes(origin)) {
    res.writeStatus("403 Forbidden").end();
    return;
  }
  handleUpgrade.call(this, res, req, context);
};

WsHandler.prototype.onMessage = function (ws, message, isBinary) {
  const frame = isBinary ? undefined : parse(Buffer.from(message));
  const reason = refuseFrame(frame);
  if (reason !== undefined) return closeWith(ws, reason);
  // Soketi looks the app up first; who speaks before it has answered is not following the protocol.
  if (ws.app === undefined) return closeWith(ws, "Wait for the connection to be established.");
  if (frame.event === "pusher:pong") return; // answers nothing of ours; Soketi would print it whole
  try {
    onMessage.call(this, ws, message, isBinary);
  } catch (error) {
    console.error("A frame made Soketi throw:", error);
    closeWith(ws, "The frame could not be handled.");
  }
};

/**
 * Soketi keeps sockets that were closed with 4200, because that is how it closes them itself. Anybody
 * may close with 4200, and would stay in its channels for ever.
 */
WsHandler.prototype.onClose = function (ws, code, message) {
  onClose.call(this, ws, code === 4200 && !this.server.closing ? 1000 : code, message);
};

/** Soketi looks for "cache-" anywhere in a name, and would keep and replay the last event of those. */
Utils.isCachingChannel = () => false;

function closeWith(ws, message) {
  ws.sendJson({ event: "pusher:error", data: { code: 4301, message } });
  ws.end(4301, message);
}

function parse(bytes) {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

// --- HTTP API

const { attachMiddleware } = HttpHandler.prototype;
HttpHandler.prototype.attachMiddleware = function (res, functions) {
  deferHeaders(res);
  return attachMiddleware.call(this, res, functions);
};

/** Soketi writes headers before the status, and the server underneath then sends 200 whatever it says. */
function deferHeaders(res) {
  const { writeHeader, writeStatus } = res;
  const headers = [];
  res.writeHeader = (name, value) => {
    headers.push([name, value]);
    return res;
  };
  res.writeStatus = (status) => {
    Object.assign(res, { writeHeader, writeStatus });
    res.writeStatus(status);
    for (const [name, value] of headers) res.writeHeader(name, value);
    return res;
  };
}

/** The HTTP API is for servers; no page has business there. */
HttpHandler.prototype.corsMiddleware = (res, next) => next(null, res);

HttpHandler.prototype.jsonBodyMiddleware = function (res, next) {
  const chunks = [];
  let bytes = 0;
  let isOver = false;
  res.onAborted(() => {
    isOver = true;
  });
  res.onData((chunk, isLast) => {
    if (isOver) return;
    bytes += chunk.byteLength;
    if (bytes > longestBodyBytes) {
      isOver = true;
      this.entityTooLargeResponse(res, `A body has at most ${longestBodyBytes} bytes.`);
      return;
    }
    chunks.push(Buffer.from(chunk.slice(0)));
    if (!isLast) return;
    isOver = true;
    const raw = Buffer.concat(chunks);
    res.body = parse(raw);
    res.rawBody = raw.toString("utf8");
    next(null, res);
  });
};

const { authMiddleware, appMiddleware } = HttpHandler.prototype;
HttpHandler.prototype.appMiddleware = function (res, next) {
  const reason = refuseQuery(res.query, Date.now());
  if (reason !== undefined) return this.unauthorizedResponse(res, reason);
  return appMiddleware.call(this, res, next);
};

/** After the signature: what is wrong with a body is told to its signer only. */
HttpHandler.prototype.authMiddleware = function (res, next) {
  return authMiddleware.call(this, res, (error, signed) => {
    const reason = res.method === "POST" ? refuseBody(res.url, res.body) : undefined;
    if (reason !== undefined) return this.badResponse(res, reason);
    next(error, signed);
  });
};

/** Soketi signs with whatever key the request names, and compares letter by letter. */
HttpHandler.prototype.signatureIsValid = async function (res) {
  const { auth_key: key, auth_signature: signature = "", auth_version: version } = res.query;
  if (key !== res.app.key || version !== "1.0") return false;
  const expected = Buffer.from(await this.getSignedToken(res));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
};

// --- Whatever gets through all the same

// One request that cannot be answered is no reason to drop everyone.
process.on("unhandledRejection", (reason) => {
  console.error("Soketi let a failure pass:", reason);
});
// Soketi ends itself after an exception, with code 0, which supervisors take for success.
process.on("uncaughtException", () => {
  process.exitCode = 1;
});
