import { channels } from "@/channels/index.ts";
import { describeReplier } from "@/features/comments/describe-replier.ts";
import { replyNoteInput } from "@/features/comments/schema.ts";
import { boundedRoute } from "@/lib/http/bounded-route.ts";
import { assertJson } from "@/lib/http/request-input.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { sendMessage } from "@/wiring/realtime/ephemeral.ts";
import { limitedRoute } from "@/wiring/routes/limited-route.ts";

/** Shows the other readers of a page that the viewer is writing a comment. Nothing is stored. */
export const POST = boundedRoute(
  (request) =>
    limitedRoute(request, async () => {
      assertJson(request);
      const input = replyNoteInput.parse(await request.json().catch(() => null));
      const message = await readAsViewer((ctx) => describeReplier(ctx, input));
      await sendMessage(channels.replying(input), message);
      return null;
    }),
  { maxBytes: 1_024 },
);
