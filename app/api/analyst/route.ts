import { ask } from "@/features/analyst/ask.ts";
import { listAnswers } from "@/features/analyst/list-answers.ts";
import { reasoner } from "@/features/analyst/reasoner.ts";
import { answersInput, askInput } from "@/features/analyst/schema.ts";
import { resolveCitations } from "@/features/evidence/read/resolve-citations.ts";
import { streamFrames } from "@/lib/analyst/stream-frames.ts";
import { boundedRoute } from "@/lib/http/bounded-route.ts";
import { log } from "@/lib/logging/log.ts";
import { contexts, writeAsViewer } from "@/wiring/context.ts";
import { evidenceKeys } from "@/wiring/evidence.ts";
import { limitedRoute } from "@/wiring/routes/limited-route.ts";
import { readRoute } from "@/wiring/routes/read-route.ts";
import { viewerOf } from "@/wiring/viewer-of.ts";
import { answerQuestion } from "./answer-question.ts";

export function GET(request: Request): Promise<Response> {
  return readRoute(request, (params) => {
    const input = answersInput.parse(params);
    return (ctx) => {
      const resolve = resolveCitations({ ...ctx, keys: evidenceKeys() }, input.publicationId);
      return listAnswers({ ...ctx, resolve }, input);
    };
  });
}

/** Answers a question of a member as a stream of frames, see `AnswerFrame`. */
export const POST = boundedRoute(
  (request) =>
    limitedRoute(request, async () => {
      const input = askInput.parse(await request.json().catch(() => null));
      await writeAsViewer((ctx) => ask(ctx, input, reasoner().name));
      const viewer = viewerOf(request);
      return streamFrames(
        request.signal,
        (signal) =>
          answerQuestion(input, {
            contexts: contexts(),
            keys: evidenceKeys(),
            reasoner: reasoner(),
            viewer,
            signal,
          }),
        { onError: (error) => log.error("an answer was broken off", { error }) },
      );
    }),
  { maxBytes: 8_192 },
);
