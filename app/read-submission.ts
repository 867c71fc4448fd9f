import { getSubmission } from "@/features/submissions/get-submission.ts";
import type { Submission, SubmissionInput } from "@/features/submissions/schema.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { previewText } from "@/wiring/renderings.ts";

/** Reads a submission as the viewer, then renders its text. */
export async function readSubmission(input: SubmissionInput): Promise<Submission> {
  const { body, ...submission } = await readAsViewer((ctx) => getSubmission(ctx, input));
  return { ...submission, text: await previewText(body, submission.author.id) };
}
