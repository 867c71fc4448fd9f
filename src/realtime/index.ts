/** `querycast`: the contract of channels and signals, the browser client, and `live` for TanStack Query. */

export type {
  ChannelState,
  ChannelStatus,
  JoinState,
  UnavailableCause,
} from "./client/channels/channel-state.ts";
export { createRealtimeClient } from "./client/client.ts";
export type { OfflineReason, RealtimeState } from "./client/connection/state.ts";
export type { Environment } from "./client/environment.ts";
export type {
  ChannelInspection,
  ChannelListener,
  ChannelObserver,
  ClientRollout,
  RealtimeClient,
  RealtimeClientOptions,
  RealtimeReport,
} from "./client/realtime-client.ts";
export type {
  StaleCause,
  TracedSignal,
  TraceEvent,
  TraceListener,
  Tracing,
} from "./client/trace.ts";
export type {
  Disconnection,
  Transport,
  TransportConnection,
  TransportHandlers,
} from "./client/transport.ts";
export {
  type ChannelRef,
  type Channels,
  type Contract,
  channel,
  contract,
  type Definitions,
  defineChannels,
  type ParamsOfRef,
} from "./protocol/channel.ts";
export type {
  ChannelDefinition,
  ChannelOptions,
  SignalName,
  SignalOptions,
} from "./protocol/channel-definition.ts";
export type { Clock } from "./protocol/clock.ts";
export type { EphemeralDefinition, EphemeralRef } from "./protocol/ephemeral/definition.ts";
export { type FieldList, type FieldValues, fields } from "./protocol/ephemeral/fields.ts";
export type {
  Message,
  MessageFrame,
  MessageOf,
  OutgoingMessage,
  ReplayedMessage,
} from "./protocol/ephemeral/message.ts";
export type { EphemeralOptions } from "./protocol/ephemeral/options.ts";
export { ProtocolError, type ProtocolErrorCode } from "./protocol/errors.ts";
export { type Id, type IdInput, type Ids, ids } from "./protocol/ids.ts";
export { type KindOptions, kindOptionBounds } from "./protocol/kind-options.ts";
export { limits } from "./protocol/limits.ts";
export type {
  CatchUpRequest,
  CatchUpResponse,
  CatchUpResult,
  ErrorCode,
  ErrorResponse,
  JoinRequest,
  JoinResponse,
  JoinResult,
  RealtimeRequest,
  Refusal,
  ReplayedSignal,
  RolloutRequest,
  RolloutResponse,
  SignInRequest,
  SignInResponse,
} from "./protocol/messages.ts";
export type { LiveFor } from "./protocol/rollout.ts";
export type { StandardSchema } from "./protocol/schema.ts";
export {
  type ChannelSignals,
  type OutgoingSignal,
  on,
  type Signal,
  signal,
} from "./protocol/signal.ts";
export { PROTOCOL_VERSION } from "./protocol/version.ts";
export { type LiveOptions, live, type Source } from "./query/binding/live.ts";
export { type PrefetchLiveOptions, prefetchLive } from "./query/binding/prefetch-live.ts";
export { createQueryBridge } from "./query/bridge.ts";
export { type LiveEntitiesOptions, liveEntities } from "./query/entities/live-entities.ts";
export { hold, holdWhile } from "./query/mutation/hold.ts";
export {
  type LiveMutationContext,
  type LiveMutationOptions,
  liveMutation,
  type ShowChange,
} from "./query/mutation/live-mutation.ts";
export {
  countArrivals,
  type FirstPageOptions,
  firstPage,
  type PagesPolicy,
} from "./query/pages.ts";
export type { PollingSettings } from "./query/polling.ts";
export type { QueryBridge, QueryBridgeOptions, RefetchCounts } from "./query/query-bridge.ts";
export type { Priority } from "./query/scheduler/scheduling.ts";
export type { Arrivals } from "./query/state/arrivals.ts";
export type { LiveState, LiveStatus, NotLive, PageState } from "./query/state/live-state.ts";
