import { persistNotification as persist } from "@/features/notifications/persist-notification.ts";
import { runJob } from "@/wiring/context.ts";
import { inngest, notificationRequested } from "../client.ts";

export const persistNotification = inngest.createFunction(
  { id: "persist-notification", retries: 10, triggers: [notificationRequested] },
  ({ event, step }) => step.run("persist", () => runJob((ctx) => persist(ctx, event.data))),
);
