"use strict";
/**
 * Loaded before Soketi: `node -r ./guard/guard.cjs …/server.js start`. Adds checks in front of Soketi's
 * handlers, limits the size of input, and corrects HTTP statuses. docs/operations.md explains the reasons
 * and the settings.
 */
const { guardHttpApi } = require("./http-api.cjs");
const { readSettings } = require("./settings.cjs");
const { guardSockets } = require("./sockets.cjs");

const settings = readSettings(process.env);
guardSockets(settings);
guardHttpApi(settings);

// A failed request must not disconnect all other clients.
process.on("unhandledRejection", (reason) => {
  console.error("Unhandled rejection in Soketi:", reason);
});
// After an exception Soketi exits with code 0, which supervisors treat as success.
process.on("uncaughtException", () => {
  process.exitCode = 1;
});
