/** `querycast/testing`: fakes with fault controls, and tests of rules. Runs on Node. */

export type { FakeSocket } from "./testing/broker-core.ts";
export type { BrokerFront, BrokerFrontOptions } from "./testing/broker-front.ts";
export type { EventFaults } from "./testing/event-faults.ts";
export type { FakeApp } from "./testing/fake-app.ts";
export {
  createFakeBroker,
  type FakeBroker,
  type FakeBrokerOptions,
} from "./testing/fake-broker.ts";
export { createFakeClock, type FakeClock } from "./testing/fake-clock.ts";
export { createFakeEnvironment, type FakeEnvironment } from "./testing/fake-environment.ts";
export { createMemoryLog, type MemoryLog, type MemoryLogOptions } from "./testing/memory-log.ts";
export {
  type TestRealtime,
  type TestRealtimeOptions,
  testRealtime,
} from "./testing/test-realtime.ts";
