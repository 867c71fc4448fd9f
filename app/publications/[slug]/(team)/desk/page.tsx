import type { Metadata } from "next";
import { listContents } from "@/features/desk/list-contents.ts";
import { listMessages } from "@/features/desk/list-messages.ts";
import { listReaders } from "@/features/desk/list-readers.ts";
import { chatContentsQuery, chatMessagesQuery, readersQuery } from "@/features/desk/queries.ts";
import { resolveCitations } from "@/features/evidence/read/resolve-citations.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { evidenceKeys } from "@/wiring/evidence.ts";
import { memberPage } from "../../../member-page.ts";
import { Prefetched } from "../../../prefetched.tsx";
import { View } from "./view.tsx";

export const metadata: Metadata = { title: "Desk of a publication" };

export default async function DeskPage({ params }: PageProps<"/publications/[slug]/desk">) {
  const { publication, account } = await memberPage(params);
  const input = { publicationId: publication.id };
  return (
    <>
      <h1 className="mb-6 font-serif text-2xl font-medium">Desk</h1>
      <Prefetched
        queries={[
          {
            ...chatMessagesQuery(publication.id),
            queryFn: () =>
              readAsViewer((ctx) => {
                const resolve = resolveCitations({ ...ctx, keys: evidenceKeys() }, publication.id);
                return listMessages({ ...ctx, resolve }, input);
              }),
          },
          {
            ...chatContentsQuery(publication.id),
            queryFn: () => readAsViewer((ctx) => listContents(ctx, input)),
          },
          {
            ...readersQuery(publication.id),
            queryFn: () => readAsViewer((ctx) => listReaders(ctx, input)),
          },
        ]}
      >
        <View
          publicationId={publication.id}
          viewerId={account.id}
          evidencePath={`/publications/${publication.slug}/evidence`}
        />
      </Prefetched>
    </>
  );
}
