import type { Metadata } from "next";
import { ProposeForm } from "@/features/submissions/components/propose-form.tsx";
import { listChoices } from "@/features/submissions/list-choices.ts";
import { articleChoicesQuery } from "@/features/submissions/queries.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { memberPage } from "../../../member-page.ts";
import { Prefetched } from "../../../prefetched.tsx";

export const metadata: Metadata = { title: "Submit an article" };

export default async function SubmitPage({ params }: PageProps<"/publications/[slug]/submit">) {
  const { publication, account } = await memberPage(params);
  return (
    <>
      <h1 className="mb-6 font-serif text-2xl font-medium">Submit an article</h1>
      <Prefetched
        queries={[{ ...articleChoicesQuery(account.id), queryFn: () => readAsViewer(listChoices) }]}
      >
        <ProposeForm
          publicationId={publication.id}
          path={`/publications/${publication.slug}/work`}
          userId={account.id}
        />
      </Prefetched>
    </>
  );
}
