import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import { channel, defineChannels } from "./channel.ts";
import { ids } from "./ids.ts";
import { on, signal } from "./signal.ts";

const channels = defineChannels({
  user: channel("user.{userId}").signal("notification.created", ids("notificationId")),
  resource: channel("resource.{resourceType}.{resourceId}", {
    phase: 2,
    params: z.object({ resourceType: z.enum(["article", "gist"]), resourceId: z.uuid() }),
  })
    .signal("comment.created", ids("commentId"))
    .signal("reaction.changed"),
});
const user = channels.user({ userId: "u1" });
const resource = channels.resource({ resourceType: "article", resourceId: "r1" });

test("a reference has the type of its kind", () => {
  expectTypeOf(user.kind).toEqualTypeOf<"user">();
});

test("parameters are those of the pattern, narrowed by the schema", () => {
  // @ts-expect-error a parameter is missing
  channels.user({});
  // @ts-expect-error not one of the declared words
  channels.resource({ resourceType: "comment", resourceId: "r1" });
  // @ts-expect-error there is no such channel
  channels.tag;
});

test("a signal belongs to its channel and carries ids only", () => {
  signal(resource, "comment.created", { commentId: "c1" });
  signal(resource, "comment.created", { commentId: 7 });
  signal(resource, "comment.created", { commentId: 7n });
  signal(resource, "reaction.changed");
  // @ts-expect-error not a signal of this channel
  signal(user, "comment.created", { commentId: "c1" });
  // @ts-expect-error its id is missing
  signal(resource, "comment.created");
  // @ts-expect-error content is not an id
  signal(resource, "comment.created", { commentId: "c1", body: "Well said" });
  // @ts-expect-error an object is not an id
  signal(resource, "comment.created", { commentId: { body: "Well said" } });
  // @ts-expect-error declared without ids
  signal(resource, "reaction.changed", { reactionId: "r1" });
});

test("ids are named after what they identify", () => {
  // @ts-expect-error content in a declaration
  ids("body");
  // @ts-expect-error content in a schema
  channel("post.{postId}").signal("post.updated", z.object({ title: z.string() }));
  channel("post.{postId}").signal("post.updated", z.object({ postId: z.uuid() }));
});

test("signals are named noun.verb", () => {
  // @ts-expect-error no verb
  channel("post.{postId}").signal("updated");
});

test("a binding names signals of the channel", () => {
  on(resource, "comment.created", "reaction.changed");
  // @ts-expect-error not a signal of this channel
  on(user, "comment.created");
});
