"use strict";
/** Adds the checks of bodies.cjs in front of Soketi's HTTP API, and corrects its statuses. */
const { timingSafeEqual } = require("node:crypto");
const { HttpHandler } = require("@soketi/soketi/dist/http-handler");
const { refuseBody, refuseQuery } = require("./bodies.cjs");
const { parse } = require("./frames.cjs");

const longestBodyBytes = 128 * 1024;
const tooLong = `A body has at most ${longestBodyBytes} bytes.`;

function guardHttpApi({ allowed }) {
  const { appMiddleware, attachMiddleware, authMiddleware } = HttpHandler.prototype;
  HttpHandler.prototype.attachMiddleware = function (res, functions) {
    deferHeaders(res);
    return attachMiddleware.call(this, res, functions);
  };

  /** Sends no CORS headers: the HTTP API is for servers. */
  HttpHandler.prototype.corsMiddleware = (res, next) => next(null, res);

  HttpHandler.prototype.jsonBodyMiddleware = function (res, next) {
    readBody(res, next, () => this.entityTooLargeResponse(res, tooLong));
  };

  HttpHandler.prototype.appMiddleware = function (res, next) {
    const reason = refuseQuery(res.query, Date.now());
    if (reason !== undefined) return this.unauthorizedResponse(res, reason);
    return appMiddleware.call(this, res, next);
  };

  /** Checks the body after the signature, so that only signed requests get the reason of a refusal. */
  HttpHandler.prototype.authMiddleware = function (res, next) {
    return authMiddleware.call(this, res, (error, signed) => {
      const reason = res.method === "POST" ? refuseBody(res.url, res.body, allowed) : undefined;
      if (reason !== undefined) return this.badResponse(res, reason);
      next(error, signed);
    });
  };

  /** Soketi accepts any key in the request and does not compare in constant time. */
  HttpHandler.prototype.signatureIsValid = async function (res) {
    const { auth_key: key, auth_signature: signature = "", auth_version: version } = res.query;
    if (key !== res.app.key || version !== "1.0") return false;
    const expected = Buffer.from(await this.getSignedToken(res));
    const given = Buffer.from(signature);
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
}

/** Soketi writes headers before the status; uWebSockets.js then always sends 200. */
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

function readBody(res, next, refuse) {
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
      refuse();
      return;
    }
    chunks.push(Buffer.from(chunk.slice(0)));
    if (!isLast) return;
    isOver = true;
    res.rawBody = Buffer.concat(chunks).toString("utf8");
    res.body = parse(res.rawBody);
    next(null, res);
  });
}

module.exports = { guardHttpApi };
