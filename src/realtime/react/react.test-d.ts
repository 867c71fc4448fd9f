import { expectTypeOf, test } from "vitest";
import { channel, defineChannels } from "../protocol/channel.ts";
import { ids } from "../protocol/ids.ts";
import { useInvalidation } from "./use-invalidation.ts";
import { useSignals } from "./use-signals.ts";

const channels = defineChannels({
  article: channel("article.{articleId}")
    .signal("comment.created", ids("commentId", "parentId"))
    .signal("reaction.changed"),
});
const ref = channels.article({ articleId: "a1" });

test("handlers are those of the channel's signals, with ids as strings", () => {
  useSignals(ref, {
    "comment.created": (signal) => {
      expectTypeOf(signal.ids).toEqualTypeOf<
        readonly { readonly commentId: string; readonly parentId: string }[] | undefined
      >();
      // @ts-expect-error a signal carries no content
      signal.body;
    },
    "reaction.changed": (signal) => {
      expectTypeOf(signal.ids).toEqualTypeOf<readonly never[] | undefined>();
    },
  });
  useSignals(null, {});
  useSignals(Math.random() > 0.5 && ref, { "reaction.changed": () => {} });
  // @ts-expect-error not a signal of this channel
  useSignals(ref, { "article.deleted": () => {} });
});

test("keysOf gets the signals of the channel, narrowed by name", () => {
  useInvalidation(ref, (signal) => {
    if (signal?.name === "comment.created") {
      expectTypeOf(signal.ids?.[0]?.commentId).toEqualTypeOf<string | undefined>();
    }
    // @ts-expect-error not a signal of this channel
    if (signal?.name === "article.deleted") return [];
    return [["comments"]];
  });
  // @ts-expect-error a key is a list
  useInvalidation(ref, () => ["comments"]);
});
