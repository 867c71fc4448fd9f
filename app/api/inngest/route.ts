import { serve } from "inngest/next";
import { boundedRoute } from "@/lib/bounded-route.ts";
import { inngest } from "../../../inngest/client.ts";
import { functions } from "../../../inngest/index.ts";

type Handlers = ReturnType<typeof serve>;

let served: Handlers | undefined;
/** At the first request: which functions there are depends on the environment, and a build has none. */
const handlers = (): Handlers => {
  served ??= serve({ client: inngest, functions: functions() });
  return served;
};

/** Inngest sends the state of a run: 4 MB at most (https://www.inngest.com/docs/usage-limits/inngest). */
const bounds = { maxBytes: 4_500_000 };

export const GET = boundedRoute((request, context: unknown) => handlers().GET(request, context));
export const POST = boundedRoute(
  (request, context: unknown) => handlers().POST(request, context),
  bounds,
);
export const PUT = boundedRoute(
  (request, context: unknown) => handlers().PUT(request, context),
  bounds,
);
