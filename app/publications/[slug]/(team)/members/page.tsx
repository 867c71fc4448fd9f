import type { Metadata } from "next";
import { listMembers } from "@/features/teams/list-members.ts";
import { rolesQuery, teamMembersQuery } from "@/features/teams/queries.ts";
import { listRoles } from "@/features/teams/roles/list-roles.ts";
import { personSearch } from "@/lib/text/person-search.ts";
import { FilterForm } from "@/ui/forms/filter-form.tsx";
import { Notice } from "@/ui/notice.tsx";
import { readAsViewer } from "@/wiring/context.ts";
import { readParams } from "../../../../search-params.ts";
import { memberPage } from "../../../member-page.ts";
import { Prefetched } from "../../../prefetched.tsx";
import { View } from "./view.tsx";

export const metadata: Metadata = { title: "Members of a publication" };

export default async function MembersPage({
  params,
  searchParams,
}: PageProps<"/publications/[slug]/members">) {
  const { publication, account } = await memberPage(params);
  const given = await readParams(searchParams);
  const parsed = personSearch.safeParse(given);
  const input = { publicationId: publication.id };
  const search = parsed.data?.search ?? "";
  return (
    <>
      <h1 className="mb-6 font-serif text-2xl font-medium">Members</h1>
      <FilterForm
        action={`/publications/${publication.slug}/members`}
        values={given}
        fields={[{ name: "search", label: "Name or handle" }]}
        button="Search"
      />
      {parsed.error ? (
        <Notice className="mt-6">{parsed.error.issues[0]?.message}</Notice>
      ) : (
        <Prefetched
          queries={[
            {
              ...teamMembersQuery(publication.id, search),
              queryFn: () => readAsViewer((ctx) => listMembers(ctx, { ...input, search })),
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
            search={search}
            viewerId={account.id}
          />
        </Prefetched>
      )}
    </>
  );
}
