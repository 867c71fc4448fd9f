import { channel, defineChannels, ids } from "querycast";
import { z } from "zod/mini";

/**
 * Every channel of the site, shared by publishers, rules and browsers. Phases are switched on one
 * after the other: 1 what concerns one person, 2 what readers of one page see together.
 */
export const channels = defineChannels({
  user: channel("user.{userId}", { phase: 1, params: z.object({ userId: z.uuid() }) })
    .signal("notification.created", ids("notificationId"))
    .signal("notification.read", ids("notificationId"))
    .signal("notification.all-read")
    // Published by triggers: it goes with what it was about, by cascade, and shows words of theirs.
    .signal("notification.deleted")
    .signal("notification.updated"),

  resource: channel("resource.{resourceType}.{resourceId}", {
    phase: 2,
    params: z.object({ resourceType: z.enum(["article", "gist"]), resourceId: z.uuid() }),
  })
    .signal("comment.created", ids("commentId"))
    .signal("comment.updated", ids("commentId"))
    .signal("comment.deleted", ids("commentId")),
});
