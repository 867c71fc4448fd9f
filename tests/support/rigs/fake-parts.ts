import { createFakeBroker } from "../../../src/realtime/testing/fakes/fake-broker.ts";
import { createFakeClock } from "../../../src/realtime/testing/fakes/fake-clock.ts";
import { createFakeEnvironment } from "../../../src/realtime/testing/fakes/fake-environment.ts";
import { createFakeRoute } from "../../../src/realtime/testing/fakes/fake-route.ts";

/** A fake broker, route and clock, and the options of a client on them. */
export function createFakeParts() {
  const [broker, route, clock] = [createFakeBroker(), createFakeRoute(), createFakeClock()];
  const options = {
    transport: broker.transport,
    fetch: route.fetch,
    clock,
    environment: createFakeEnvironment(),
    random: () => 0.5,
  };
  return { broker, route, clock, options };
}
