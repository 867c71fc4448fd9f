import { serve } from "inngest/next";
import { inngest } from "../../../inngest/client.ts";
import { functions } from "../../../inngest/index.ts";

type Handlers = ReturnType<typeof serve>;

let served: Handlers | undefined;
/** At the first request: which functions there are depends on the environment, and a build has none. */
const handlers = (): Handlers => {
  served ??= serve({ client: inngest, functions: functions() });
  return served;
};

export const GET: Handlers["GET"] = (...args) => handlers().GET(...args);
export const POST: Handlers["POST"] = (...args) => handlers().POST(...args);
export const PUT: Handlers["PUT"] = (...args) => handlers().PUT(...args);
