import { persistNotification } from "./functions/persist-notification.ts";

/** Every function the site serves; `app/api/inngest` hands the list to the runner. */
export const functions = [persistNotification];
