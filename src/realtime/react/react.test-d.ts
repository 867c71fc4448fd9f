import { expectTypeOf, test } from "vitest";
import { channel, defineChannels } from "../protocol/channel.ts";
import { fields } from "../protocol/ephemeral/fields.ts";
import { ids } from "../protocol/ids.ts";
import { live } from "../query/binding/live.ts";
import { useInvalidation } from "./use-invalidation.ts";
import { useLatestMessage, useMessages } from "./use-messages.ts";
import { useRealtimeSubscription } from "./use-realtime-subscription.ts";
import { useSignals } from "./use-signals.ts";

const channels = defineChannels({
  article: channel("article.{articleId}")
    .signal("comment.created", ids("commentId", "parentId"))
    .signal("reaction.changed"),
  user: channel("user.{userId}").signal("user.renamed"),
  import: channel("import.{importId}", { ephemeral: { lastN: 1 } })
    .message("import.progress", fields({ done: "number", step: "string" }))
    .message("import.finished", fields({ reportId: "id" })),
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

test("the events of a subscription are those of its channels, narrowed by type", () => {
  const user = channels.user({ userId: "u1" });
  useRealtimeSubscription({
    channels: [ref, user],
    enabled: Math.random() > 0.5,
    onEvent: (event) => {
      expectTypeOf(event.type).toEqualTypeOf<"signal" | "gap" | "revoked">();
      expectTypeOf(event.channel.kind).toEqualTypeOf<"article" | "user">();
      // @ts-expect-error a gap has no signal
      event.signal;
      if (event.type !== "signal") return;
      expectTypeOf(event.signal.name).toEqualTypeOf<
        "comment.created" | "reaction.changed" | "user.renamed"
      >();
      if (event.signal.name === "comment.created") {
        expectTypeOf(event.signal.ids?.[0]?.parentId).toEqualTypeOf<string | undefined>();
      }
    },
  });
  useRealtimeSubscription({ channels: [], onEvent: () => {} });
  // @ts-expect-error a name is not a reference
  useRealtimeSubscription({ channels: ["article.a1"], onEvent: () => {} });
});

test("an ephemeral channel has messages and no signals, and a channel with signals has no messages", () => {
  const upload = channels.import({ importId: "i1" });
  useMessages(upload, (message) => {
    expectTypeOf(message.type).toEqualTypeOf<"import.progress" | "import.finished">();
    if (message.type === "import.progress") {
      expectTypeOf(message.fields.done).toEqualTypeOf<number>();
      // @ts-expect-error not declared
      message.fields.reportId;
    }
  });
  useMessages(null, () => {});
  const latest = useLatestMessage(upload);
  expectTypeOf(latest?.type).toEqualTypeOf<"import.progress" | "import.finished" | undefined>();
  // @ts-expect-error it has no signals
  useSignals(upload, {});
  // @ts-expect-error nor can a query be bound to it
  live({ queryKey: ["import"] }, [upload]);
  // @ts-expect-error a channel with signals has no messages
  useMessages(ref, () => {});
  // @ts-expect-error a definition has signals or messages
  channel("a.{bId}", { ephemeral: {} }).signal("b.changed");
  // @ts-expect-error as above
  channel("a.{bId}").message("b.changed", {});
});
