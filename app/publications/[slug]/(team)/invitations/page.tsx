import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { listInvitations } from "@/features/teams/invitations/list-invitations.ts";
import { rolesQuery, sentInvitationsQuery } from "@/features/teams/queries.ts";
import { listRoles } from "@/features/teams/roles/list-roles.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { memberPage } from "../../../member-page.ts";
import { Prefetched } from "../../../prefetched.tsx";
import { View } from "./view.tsx";

export const metadata: Metadata = { title: "Invitations of a publication" };

export default async function InvitationsPage({
  params,
}: PageProps<"/publications/[slug]/invitations">) {
  const { publication, account, standing } = await memberPage(params);
  if (!standing.permissions.includes("members.manage")) notFound();
  const input = { publicationId: publication.id };
  return (
    <>
      <h1 className="mb-6 font-serif text-2xl font-medium">Invitations</h1>
      <Prefetched
        queries={[
          {
            ...sentInvitationsQuery(publication.id, account.id),
            queryFn: () => readAsViewer((ctx) => listInvitations(ctx, input)),
          },
          {
            ...rolesQuery(publication.id),
            queryFn: () => readAsViewer((ctx) => listRoles(ctx, input)),
          },
        ]}
      >
        <View publicationId={publication.id} viewerId={account.id} />
      </Prefetched>
    </>
  );
}
