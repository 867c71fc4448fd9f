import { freePort } from "../../../scripts/parts/ports.ts";
import {
  type ModelMove,
  type ModelServer,
  startModelServer,
} from "../../support/servers/model-server.ts";
import { test as base } from "./own-site.ts";

const port = await freePort();

/** What the model does with each request. A test sets it. */
export const script: { moves: readonly ModelMove[] } = { moves: [] };

/** Settings of a site whose analyst is a model that the test scripts. */
export const modelVariables = {
  ANALYST_PROVIDER: "openai-compatible",
  ANALYST_BASE_URL: `http://127.0.0.1:${port}/v1`,
  ANALYST_MODEL: "scripted",
};

/** A separate site with a scripted model, for files that use {@link modelVariables} as `extra`. */
export const test = base.extend<object, { model: ModelServer }>({
  model: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's names
    async ({}, use) => {
      const server = await startModelServer(() => script.moves, port);
      await use(server);
      await server.close();
    },
    { scope: "worker", auto: true },
  ],
});

/** A promise that a test resolves. */
export function gate() {
  let open = () => {};
  const wait = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { wait, open };
}
