"use strict";
/**
 * Loaded before Soketi: `node -r ./guard/guard.cjs …/server.js start`. It puts checks in front of Soketi's
 * handlers, limits what it reads, and restores the HTTP statuses it meant to send. docs/operations.md
 * gives the reasons and the settings.
 */
const { guardHttpApi } = require("./http-api.cjs");
const { readSettings } = require("./settings.cjs");
const { guardSockets } = require("./sockets.cjs");

const settings = readSettings(process.env);
guardSockets(settings);
guardHttpApi(settings);

// A request that cannot be answered must not drop all other clients.
process.on("unhandledRejection", (reason) => {
  console.error("Soketi did not handle a failure:", reason);
});
// Soketi ends itself after an exception, with code 0, which supervisors take for success.
process.on("uncaughtException", () => {
  process.exitCode = 1;
});
