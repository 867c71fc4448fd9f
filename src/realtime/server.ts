/** `querycast/server`: publisher, access rules, HTTP route and relay. Server only: never imported by a browser. */

export type {
  DatabaseSession,
  DatabaseSessionHandlers,
  OpenDatabaseSession,
} from "./log/connection/database-session.ts";
export { createSignalLog, type SignalLogOptions } from "./log/create-signal-log.ts";
export type { LogGrants } from "./log/grant-log.ts";
export {
  type CatchUpRecord,
  type CatchUpRecordOptions,
  type Covering,
  createCatchUpRecord,
} from "./log/inspect/catch-up-record.ts";
export type { Delivered } from "./log/inspect/delivered.ts";
export type { ListOptions, SignalFilter, Tail } from "./log/inspect/list-signals.ts";
export type { SkippedCapture } from "./log/inspect/list-skipped.ts";
export type { LoggedSignal } from "./log/inspect/logged-signal.ts";
export {
  createPoisonedSignals,
  type PoisonedSignal,
  type PoisonedSignals,
} from "./log/inspect/poisoned.ts";
export type { Backlog } from "./log/inspect/read-backlog.ts";
export {
  createSignalInspector,
  type SignalInspector,
  type SignalInspectorOptions,
} from "./log/inspect/signal-inspector.ts";
export type { SignalHandle, SignalTrace, TracedFrame } from "./log/inspect/trace-signal.ts";
export { migrateLog } from "./log/migrate-log.ts";
export { type PruneLogOptions, pruneLog } from "./log/prune-log.ts";
export { createFollowLog, type FollowLogOptions } from "./log/relay/follow-log.ts";
export { createRelayLog, type RelayLogOptions } from "./log/relay/relay-log.ts";
export { setOrigin } from "./log/set-origin.ts";
export type { Clock } from "./protocol/clock.ts";
export type { KindOptions } from "./protocol/kind-options.ts";
export { originOf } from "./protocol/origin.ts";
export { fromWireName } from "./protocol/wire-name.ts";
export {
  type BrokerApp,
  type BrokerGroup,
  type BrokerGroupOptions,
  createBrokerGroup,
  type ServedApps,
} from "./server/broker-group.ts";
export {
  type CreateEphemeralOptions,
  createEphemeral,
  type Ephemeral,
} from "./server/ephemeral/create-ephemeral.ts";
export type {
  AppendOptions,
  Broker,
  BrokerApps,
  DeliveredPage,
  Delivery,
  LogPage,
  MessageDelivery,
  PoisonedRow,
  RelayLog,
  RelaySession,
  RelaySessionHandlers,
  SignalLog,
  Signer,
  Since,
  SinceRequest,
  Sql,
} from "./server/ports.ts";
export {
  createPublisher,
  type Publish,
  type PublisherOptions,
  type PublishOptions,
  type Revoke,
} from "./server/publisher.ts";
export { createRelay, type Relay, type RelayOptions } from "./server/relay/create-relay.ts";
export { type Drained, type DrainOptions, drain } from "./server/relay/drain.ts";
export type { FrameLimit } from "./server/relay/frame-limiter.ts";
export type { RelayEvent, RelayHealth } from "./server/relay/relay-events.ts";
export {
  type Affected,
  type KindPreview,
  type PreviewRolloutOptions,
  previewRollout,
  type RolloutPreview,
} from "./server/rollout/preview-rollout.ts";
export {
  createRollout,
  type Rollout,
  type RolloutOptions,
  type RolloutSettings,
  type RolloutView,
} from "./server/rollout/rollout.ts";
export type { Stage } from "./server/rollout/stage.ts";
export type { Answered, RealtimeAnswer, RealtimeDecision } from "./server/route/answers.ts";
export type { CatchUpAnswer } from "./server/route/catch-up.ts";
export {
  createRealtimeHandler,
  type RealtimeHandler,
  type RealtimeHandlerOptions,
} from "./server/route/create-realtime-handler.ts";
export {
  type DecideContext,
  type Decided,
  type Decision,
  decide,
  type Read,
  type Restrict,
} from "./server/route/decide.ts";
export {
  createPageCursors,
  type PageCursors,
  type PageCursorsOptions,
} from "./server/route/page-cursors.ts";
export {
  createTokenBucket,
  type RateLimit,
  type TokenBucketOptions,
} from "./server/route/rate-limit.ts";
export {
  type Authority,
  authorize,
  byRls,
  type Rule,
  type RuleContext,
  type Rules,
} from "./server/route/rules.ts";
export {
  createSharedRead,
  type SharedRead,
  type SharedReadKey,
  type SharedReadOptions,
} from "./server/shared-read.ts";
export type { Viewer } from "./server/viewer.ts";
