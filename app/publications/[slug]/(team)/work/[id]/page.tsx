import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { submissionQuery } from "@/features/submissions/queries.ts";
import { submissionInput } from "@/features/submissions/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { readSubmission } from "../../../../../read-submission.ts";
import { memberPage } from "../../../../member-page.ts";
import { Prefetched } from "../../../../prefetched.tsx";
import { View } from "./view.tsx";

export const metadata: Metadata = { title: "Submission" };

export default async function SubmissionPage({
  params,
}: PageProps<"/publications/[slug]/work/[id]">) {
  const [{ publication, account }, { id }] = await Promise.all([memberPage(params), params]);
  const input = submissionInput.safeParse({ submissionId: id });
  if (!input.success) notFound();
  const submission = await readSubmission(input.data).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  });
  if (submission === null || submission.publicationId !== publication.id) notFound();
  return (
    <Prefetched queries={[{ ...submissionQuery(id), queryFn: () => readSubmission(input.data) }]}>
      <View publicationId={publication.id} submissionId={id} viewerId={account.id} />
    </Prefetched>
  );
}
