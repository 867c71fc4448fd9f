import { createFakeBroker } from "querycast/testing";
import { conformance, type Delivery } from "./conformance.ts";

conformance("the fake broker", async (): Promise<Delivery> => {
  const fake = createFakeBroker();
  return {
    broker: fake.broker,
    transport: () => fake.transport,
    cut: async () => fake.stop(),
    restore: async () => fake.start(),
    forge: async (wireName, name, data) => fake.send(wireName, name, JSON.stringify(data)),
    close: async () => {},
  };
});
