import { env } from "@/lib/env.ts";
import { singleton } from "@/lib/singleton.ts";
import { auth } from "../auth.ts";
import { metrics } from "./metrics.ts";
import { createUsageHandler } from "./usage-handler.ts";

/** The handler of browser reports; see {@link createUsageHandler}. */
export const usageHandler = () =>
  singleton("usage-handler", () =>
    createUsageHandler({
      getSession: async (request) => (await auth().getViewerFrom(request))?.sessionId ?? null,
      allowedOrigins: env().allowedOrigins,
      onUsage: (usage) => metrics().reported(usage),
      onRefusal: () => metrics().reportRefused(),
    }),
  );
