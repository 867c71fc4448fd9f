import { describe, test } from "vitest";
import { conformanceScenarios } from "../../testing/conformance.ts";
import { createFakeBrowser } from "../../testing/fakes/fake-browser.ts";
import { createMemoryStack } from "../../testing/memory/memory-stack.ts";
import { shared } from "./client.ts";

/** Each page leads in a separate browser and must behave like a page without sharing. */
describe("the fake broker, shared", () => {
  for (const { title, run } of conformanceScenarios) {
    test(title, async () => {
      const stack = await createMemoryStack();
      const transport = () => {
        const tabs = createFakeBrowser(stack.clock).openTab();
        return shared(stack.transport(), { key: "u1", tabs, clock: stack.clock });
      };
      try {
        await run({ ...stack, transport });
      } finally {
        await stack.close();
      }
    });
  }
});
