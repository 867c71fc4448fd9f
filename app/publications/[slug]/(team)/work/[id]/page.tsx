import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { FollowSubmission } from "@/features/submissions/components/follow-submission.tsx";
import { submissionQuery } from "@/features/submissions/queries.ts";
import { submissionInput } from "@/features/submissions/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { stateWords } from "@/lib/publications/process.ts";
import { readSubmission } from "../../../../../read-submission.ts";
import { memberPage } from "../../../../member-page.ts";
import { Prefetched } from "../../../../prefetched.tsx";
import { View } from "./view.tsx";

/** The submission, once per request. Null when it does not exist or the viewer may not read it. */
const findSubmission = cache(async (id: string) => {
  const input = submissionInput.safeParse({ submissionId: id });
  if (!input.success) return null;
  return readSubmission(input.data).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  });
});

/** Names the state, so that the tab shows how far the process is. */
export async function generateMetadata({
  params,
}: PageProps<"/publications/[slug]/work/[id]">): Promise<Metadata> {
  const submission = await findSubmission((await params).id);
  if (submission === null) return { title: "Submission" };
  return { title: `${stateWords[submission.state]}: ${submission.title}` };
}

export default async function SubmissionPage({
  params,
}: PageProps<"/publications/[slug]/work/[id]">) {
  const [{ publication, account }, { id }] = await Promise.all([memberPage(params), params]);
  const submission = await findSubmission(id);
  if (submission === null || submission.publicationId !== publication.id) notFound();
  return (
    <Prefetched
      queries={[
        {
          ...submissionQuery(id, publication.id, account.id),
          queryFn: () => readSubmission({ submissionId: submission.id }),
        },
      ]}
    >
      <FollowSubmission submissionId={submission.id} />
      <View publicationId={publication.id} submissionId={submission.id} viewerId={account.id} />
    </Prefetched>
  );
}
