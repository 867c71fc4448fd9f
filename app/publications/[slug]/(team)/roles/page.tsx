import type { Metadata } from "next";
import { rolesQuery } from "@/features/teams/queries.ts";
import { listRoles } from "@/features/teams/roles/list-roles.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { memberPage } from "../../../member-page.ts";
import { Prefetched } from "../../../prefetched.tsx";
import { View } from "./view.tsx";

export const metadata: Metadata = { title: "Roles of a publication" };

export default async function RolesPage({ params }: PageProps<"/publications/[slug]/roles">) {
  const { publication, account } = await memberPage(params);
  return (
    <>
      <h1 className="mb-2 font-serif text-2xl font-medium">Roles</h1>
      <p className="mb-6 max-w-[60ch] text-ink-soft">
        A member has the permissions of all their roles. Authors cannot review, approve or publish
        their own article.
      </p>
      <Prefetched
        queries={[
          {
            ...rolesQuery(publication.id),
            queryFn: () => readAsViewer((ctx) => listRoles(ctx, { publicationId: publication.id })),
          },
        ]}
      >
        <View publicationId={publication.id} viewerId={account.id} />
      </Prefetched>
    </>
  );
}
