import type { Metadata } from "next";
import { listAnswers } from "@/features/analyst/list-answers.ts";
import { answersQuery } from "@/features/analyst/queries.ts";
import { resolveCitations } from "@/features/evidence/read/resolve-citations.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { evidenceKeys } from "@/wiring/evidence.ts";
import { memberPage } from "../../../member-page.ts";
import { Prefetched } from "../../../prefetched.tsx";
import { View } from "./view.tsx";

export const metadata: Metadata = { title: "Ask the analyst" };

export default async function AskPage({ params }: PageProps<"/publications/[slug]/ask">) {
  const { publication, account } = await memberPage(params);
  const publicationId = publication.id;
  return (
    <>
      <h1 className="mb-6 font-serif text-2xl font-medium">Ask the analyst</h1>
      <Prefetched
        queries={[
          {
            ...answersQuery(publicationId, account.id),
            queryFn: () =>
              readAsViewer((ctx) => {
                const resolve = resolveCitations({ ...ctx, keys: evidenceKeys() }, publicationId);
                return listAnswers({ ...ctx, resolve }, { publicationId });
              }),
          },
        ]}
      >
        <View
          publicationId={publicationId}
          viewerId={account.id}
          evidencePath={`/publications/${publication.slug}/evidence`}
        />
      </Prefetched>
    </>
  );
}
