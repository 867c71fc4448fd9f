import type { Metadata } from "next";
import { listMembers } from "@/features/teams/list-members.ts";
import { rolesQuery, teamMembersQuery } from "@/features/teams/queries.ts";
import { listRoles } from "@/features/teams/roles/list-roles.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { memberPage } from "../../../member-page.ts";
import { Prefetched } from "../../../prefetched.tsx";
import { View } from "./view.tsx";

export const metadata: Metadata = { title: "Members of a publication" };

export default async function MembersPage({ params }: PageProps<"/publications/[slug]/members">) {
  const { publication, account } = await memberPage(params);
  const input = { publicationId: publication.id };
  return (
    <>
      <h1 className="mb-6 font-serif text-2xl font-medium">Members</h1>
      <Prefetched
        queries={[
          {
            ...teamMembersQuery(publication.id),
            queryFn: () => readAsViewer((ctx) => listMembers(ctx, input)),
          },
          {
            ...rolesQuery(publication.id),
            queryFn: () => readAsViewer((ctx) => listRoles(ctx, input)),
          },
        ]}
      >
        <View
          publicationId={publication.id}
          publicationName={publication.name}
          viewerId={account.id}
        />
      </Prefetched>
    </>
  );
}
