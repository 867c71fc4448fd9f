import { type ConformanceStack, conformanceScenarios } from "querycast/testing";
import { describe, test } from "vitest";
import { brokerClientNames } from "../support/broker-clients.ts";
import { createFakeSocketStack } from "../support/fake-socket-stack.ts";
import { createSoketiStack } from "../support/soketi-stack.ts";
import { createSseStack } from "../support/sse-stack.ts";

/**
 * One suite over the fake and over the real thing, so that the fake is a verified one. It runs over the
 * fake without sockets, too, beside the code of `querycast/testing`.
 */
const stacks: readonly (readonly [string, () => Promise<ConformanceStack>])[] = [
  ...brokerClientNames.map(
    (client) => [`${client}, Soketi and Postgres`, () => createSoketiStack({ client })] as const,
  ),
  ["the hub, streams over HTTP, and Postgres", createSseStack],
  ["the fake broker behind sockets", createFakeSocketStack],
];

// Each scenario has a stack of its own, and most of its time is waiting.
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
