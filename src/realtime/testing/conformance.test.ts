import { describe, test } from "vitest";
import { conformanceScenarios } from "./conformance.ts";
import { createMemoryStack } from "./memory/memory-stack.ts";

describe("the fake broker, without a socket", () => {
  for (const { title, run } of conformanceScenarios) {
    test(title, async () => {
      const stack = await createMemoryStack();
      try {
        await run(stack);
      } finally {
        await stack.close();
      }
    });
  }
});
