import { persistNotification as persist } from "@/features/notifications/persist-notification.ts";
import { withCorrelation } from "@/lib/http/correlation.ts";
import { runJob } from "@/wiring/context.ts";
import { inngest, notificationRequested } from "../client.ts";

export const persistNotification = inngest.createFunction(
  { id: "persist-notification", retries: 10, triggers: [notificationRequested] },
  ({ event, runId, step }) =>
    step.run("persist", () =>
      withCorrelation(event.data.correlation ?? runId, () =>
        runJob((ctx) => persist(ctx, event.data)),
      ),
    ),
);
