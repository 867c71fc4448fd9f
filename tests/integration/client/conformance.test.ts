import { type ConformanceStack, conformanceScenarios } from "querycast/testing";
import { describe, test } from "vitest";
import { brokerClientNames } from "../../support/broker/broker-clients.ts";
import { createFakeSocketStack } from "../../support/stacks/fake-socket-stack.ts";
import { createSoketiStack } from "../../support/stacks/soketi-stack.ts";
import { createSseStack } from "../../support/stacks/sse-stack.ts";

/**
 * One suite for the fake and the real transports, which verifies the fake. The suite also runs for the fake
 * without sockets, beside the code of `querycast/testing`.
 */
const stacks: readonly (readonly [string, () => Promise<ConformanceStack>])[] = [
  ...brokerClientNames.map(
    (client) => [`${client}, Soketi and Postgres`, () => createSoketiStack({ client })] as const,
  ),
  ["the hub, streams over HTTP, and Postgres", createSseStack],
  ["the fake broker behind sockets", createFakeSocketStack],
];

// Each scenario has a separate stack and spends most of its time waiting.
describe.concurrent.each(stacks)("%s", (_name, open) => {
  for (const { title, run, timeoutMs } of conformanceScenarios) {
    test(
      title,
      async () => {
        const stack = await open();
        try {
          await run(stack);
        } finally {
          await stack.close();
        }
      },
      timeoutMs,
    );
  }
});
