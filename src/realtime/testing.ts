/**
 * `querycast/testing`: fakes with fault injection, the conformance suite, and tests of access rules. Needs
 * Node.
 */

export { createRoomRules } from "./testing/conformance/room-rules.ts";
export {
  type Access,
  type ConformanceLine,
  type ConformanceScenario,
  type ConformanceStack,
  type Content,
  conformanceChannels,
  type Room,
} from "./testing/conformance/stack.ts";
export { conformanceScenarios } from "./testing/conformance.ts";
export type { FakeSocket } from "./testing/fakes/broker-core.ts";
export type { BrokerFront, BrokerFrontOptions } from "./testing/fakes/broker-front.ts";
export type { EventFaults } from "./testing/fakes/event-faults.ts";
export type { FakeApp } from "./testing/fakes/fake-app.ts";
export {
  createFakeBroker,
  type FakeBroker,
  type FakeBrokerOptions,
} from "./testing/fakes/fake-broker.ts";
export { createFakeClock, type FakeClock } from "./testing/fakes/fake-clock.ts";
export { createFakeEnvironment, type FakeEnvironment } from "./testing/fakes/fake-environment.ts";
export {
  createMemoryLog,
  type MemoryLog,
  type MemoryLogOptions,
} from "./testing/memory/memory-log.ts";
export {
  createMemoryServer,
  type MemoryServer,
  type MemoryServerOptions,
} from "./testing/memory/memory-server.ts";
export { createMemoryStack } from "./testing/memory/memory-stack.ts";
export {
  type TestRealtime,
  type TestRealtimeOptions,
  testRealtime,
} from "./testing/test-realtime.ts";
