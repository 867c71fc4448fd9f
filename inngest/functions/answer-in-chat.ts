import { reasoner } from "@/features/analyst/reasoner.ts";
import { answerInChat as answer, giveUpAnswer } from "@/features/desk/answer-in-chat.ts";
import { findQuestion } from "@/features/desk/write-answer.ts";
import { readMemberEvidence } from "@/features/evidence/read/read-member-evidence.ts";
import { withCorrelation } from "@/lib/http/correlation.ts";
import { contexts, runJob } from "@/wiring/context.ts";
import { database } from "@/wiring/database.ts";
import { evidenceKeys } from "@/wiring/evidence.ts";
import { answerRequested, inngest } from "../client.ts";

const longestMs = 120_000;

/** Writes the analyst's answer to a question into the chat. After the last attempt has failed, the answer becomes `failed`. */
export const answerInChat = inngest.createFunction(
  { id: "answer-in-chat", retries: 2, triggers: [answerRequested] },
  async ({ event, runId, step }) => {
    const { messageId, correlation = runId } = event.data;
    const run = <Result>(work: () => Promise<Result>) => withCorrelation(correlation, work);
    const question = await step.run("find", () =>
      run(() => runJob((ctx) => findQuestion(ctx, messageId))),
    );
    if (question === null) return;
    const { job } = contexts();
    const evidence = readMemberEvidence(database(), evidenceKeys(), question.publicationId);
    try {
      await step.run("answer", () =>
        run(() =>
          answer(
            {
              job,
              ...evidence,
              reasoner: reasoner(),
              signal: AbortSignal.timeout(longestMs),
            },
            question,
          ),
        ),
      );
    } catch {
      await step.run("give up", () => run(() => giveUpAnswer(job, question)));
    }
  },
);
