/** `querycast/transports/sse/server`: the SSE hub and its stream route. Server only. */
export {
  type EntityRead,
  type EntityReads,
  type EntityReadsByKind,
  readEntities,
} from "../../server/entities/entity-reads.ts";
export {
  createRawStreamHandler,
  type RawStreamHandler,
  type RawStreamHandlerOptions,
} from "./create-raw-stream-handler.ts";
export { createStreamHandler, type StreamHandler } from "./create-stream-handler.ts";
export { createSseHub, type SseHub, type SseHubOptions, type StreamOpening } from "./hub.ts";
export {
  createStreamFollower,
  type StreamFollower,
  type StreamFollowerOptions,
} from "./stream-follower.ts";
export type { StreamHandlerOptions } from "./stream-gate.ts";
export type { Sink } from "./streams.ts";
