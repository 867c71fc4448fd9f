import { WebSocket } from "ws";

/** Browsers have it, and Node from 22 on; clients that run on 20 bring it along. */
globalThis.WebSocket ??= WebSocket as unknown as typeof globalThis.WebSocket;
