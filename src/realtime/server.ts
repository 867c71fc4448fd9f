/** `querycast/server`: publisher, access rules, HTTP route and relay. Server only: never imported by a browser. */
export {
  type CatchUpRecord,
  type CatchUpRecordOptions,
  type Covering,
  createCatchUpRecord,
} from "./log/catch-up-record.ts";
export { createSignalLog, type SignalLogOptions } from "./log/create-signal-log.ts";
export type {
  DatabaseSession,
  DatabaseSessionHandlers,
  OpenDatabaseSession,
} from "./log/database-session.ts";
export type { Delivered } from "./log/delivered.ts";
export { createFollowLog, type FollowLogOptions } from "./log/follow-log.ts";
export type { LogGrants } from "./log/grant-log.ts";
export type { ListOptions, SignalFilter, Tail } from "./log/list-signals.ts";
export type { LoggedSignal } from "./log/logged-signal.ts";
export { migrateLog } from "./log/migrate-log.ts";
export {
  createPoisonedSignals,
  type PoisonedSignal,
  type PoisonedSignals,
} from "./log/poisoned.ts";
export type { Backlog } from "./log/read-backlog.ts";
export { createRelayLog, type RelayLogOptions } from "./log/relay-log.ts";
export {
  createSignalInspector,
  type SignalInspector,
  type SignalInspectorOptions,
} from "./log/signal-inspector.ts";
export type { SignalHandle, SignalTrace, TracedFrame } from "./log/trace-signal.ts";
export type { KindOptions } from "./protocol/kind-options.ts";
export { originOf } from "./protocol/origin.ts";
export { fromWireName } from "./protocol/wire-name.ts";
export type { Answered, RealtimeAnswer, RealtimeDecision } from "./server/answers.ts";
export {
  type BrokerApp,
  type BrokerGroup,
  type BrokerGroupOptions,
  createBrokerGroup,
  type ServedApps,
} from "./server/broker-group.ts";
export type { CatchUpAnswer } from "./server/catch-up.ts";
export {
  createRealtimeHandler,
  type RealtimeHandler,
  type RealtimeHandlerOptions,
} from "./server/create-realtime-handler.ts";
export { createRelay, type Relay, type RelayOptions } from "./server/create-relay.ts";
export type { Read, Restrict } from "./server/decide.ts";
export { type Drained, type DrainOptions, drain } from "./server/drain.ts";
export type { FrameLimit } from "./server/frame-limiter.ts";
export {
  createPageCursors,
  type PageCursors,
  type PageCursorsOptions,
} from "./server/page-cursors.ts";
export type {
  AppendOptions,
  Broker,
  BrokerApps,
  Clock,
  DeliveredPage,
  Delivery,
  LogPage,
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
  type Affected,
  type KindPreview,
  type PreviewRolloutOptions,
  previewRollout,
  type RolloutPreview,
} from "./server/preview-rollout.ts";
export {
  createPublisher,
  type Publish,
  type PublisherOptions,
  type PublishOptions,
  type Revoke,
} from "./server/publisher.ts";
export {
  createTokenBucket,
  type RateLimit,
  type TokenBucketOptions,
} from "./server/rate-limit.ts";
export type { RelayEvent, RelayHealth } from "./server/relay-events.ts";
export {
  createRollout,
  type Rollout,
  type RolloutOptions,
  type RolloutSettings,
  type RolloutView,
} from "./server/rollout.ts";
export {
  type Authority,
  authorize,
  byRls,
  type Rule,
  type RuleContext,
  type Rules,
} from "./server/rules.ts";
export {
  createSharedRead,
  type SharedRead,
  type SharedReadKey,
  type SharedReadOptions,
} from "./server/shared-read.ts";
export type { Stage } from "./server/stage.ts";
export type { Viewer } from "./server/viewer.ts";
