import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { channels } from "@/channels/index.ts";
import { figuresOf } from "@/features/evidence/components/figure-values.ts";
import { figuresQuery, valuesQuery } from "@/features/evidence/queries.ts";
import { listFigures } from "@/features/evidence/read/list-figures.ts";
import { listValues } from "@/features/evidence/read/list-values.ts";
import { figureName } from "@/features/evidence/schema.ts";
import { seesDesk } from "@/lib/publications/permissions.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { evidenceKeys } from "@/wiring/evidence.ts";
import { pageCursors } from "../../../../page-cursors.ts";
import { readParams } from "../../../../search-params.ts";
import { currentAccount } from "../../../../viewer.ts";
import { findPublication, findStanding } from "../../../find-publication.ts";
import { Prefetched } from "../../../prefetched.tsx";
import { EvidenceHead } from "../evidence-head.tsx";
import { LiveFigures } from "./live-figures.tsx";

export const metadata: Metadata = { title: "Figures of a publication" };

export default async function FiguresPage({
  params,
  searchParams,
}: PageProps<"/publications/[slug]/evidence/figures">) {
  const [publication, account] = await Promise.all([
    params.then(({ slug }) => findPublication(slug)),
    currentAccount(),
  ]);
  if (publication === null) notFound();
  const publicationId = publication.id;
  const { permissions, isMember } = await findStanding(publicationId);
  const viewer = { userId: account?.id ?? null, isMember, isDesk: seesDesk(permissions) };
  // The position of the log has to be from before this read, which finds the figure whose values are read next.
  await pageCursors()([channels.publication({ publicationId }).name]);
  const figures = await readAsViewer((ctx) =>
    listFigures({ ...ctx, keys: evidenceKeys() }, { publicationId }),
  );
  const figure =
    figureName.safeParse(await readParams(searchParams)).data ?? figuresOf(figures)[0] ?? null;
  const path = `/publications/${publication.slug}/evidence`;
  return (
    <>
      <EvidenceHead path={path} mayRecord={permissions.includes("evidence.record")} />
      <Prefetched
        queries={[
          { ...figuresQuery(publicationId, viewer), queryFn: () => figures },
          ...(figure === null
            ? []
            : [
                {
                  ...valuesQuery(publicationId, figure, viewer),
                  queryFn: () =>
                    readAsViewer((ctx) =>
                      listValues({ ...ctx, keys: evidenceKeys() }, { publicationId, ...figure }),
                    ),
                },
              ]),
        ]}
      >
        <LiveFigures
          publicationId={publicationId}
          path={path}
          figure={figure}
          viewerId={viewer.userId}
          isMember={isMember}
        />
      </Prefetched>
    </>
  );
}
