/** `querycast/transports/sse/server`: the SSE hub and its stream route. Server only. */
export {
  type EntityRead,
  type EntityReads,
  type EntityReadsByKind,
  readEntities,
} from "../../server/entities/entity-reads.ts";
export {
  createStreamHandler,
  type StreamHandler,
  type StreamHandlerOptions,
} from "./create-stream-handler.ts";
export { createSseHub, type SseHub, type SseHubOptions, type StreamOpening } from "./hub.ts";
export type { Sink } from "./streams.ts";
