import { z } from "zod";
import { articleLimits } from "@/lib/article-limits.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { boundedRoute } from "@/lib/http/bounded-route.ts";
import { assertJson } from "@/lib/http/request-input.ts";
import type { RenderedText } from "@/lib/rendering/rendered-text.ts";
import { typedText } from "@/lib/text/typed-text.ts";
import { auth } from "@/wiring/auth.ts";
import { previewText } from "@/wiring/renderings.ts";
import { limitedRoute } from "@/wiring/routes/limited-route.ts";

const input = z.object({ text: typedText().max(articleLimits.body) });

/** JSON may escape each character with six bytes. */
const maxBytes = 6 * articleLimits.body + 100;

/** Renders Markdown for the preview of the editor. Nothing is stored. */
export const POST = boundedRoute(
  (request) =>
    limitedRoute(request, async (): Promise<RenderedText> => {
      assertJson(request);
      const { userId } = await auth().getViewer();
      if (userId === null) throw new AppError("unauthenticated", "Sign in to see a preview.");
      const { text } = input.parse(await request.json().catch(() => null));
      return previewText(text, userId);
    }),
  { maxBytes },
);
