import { WebSocket } from "ws";

/** Adds the global WebSocket that Node 20 lacks; browsers and Node 22 have it. */
globalThis.WebSocket ??= WebSocket as unknown as typeof globalThis.WebSocket;
