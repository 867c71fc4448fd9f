import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { InvitationCard } from "@/features/teams/components/invitation-card.tsx";
import { getInvitation } from "@/features/teams/invitations/get-invitation.ts";
import { invitationQuery } from "@/features/teams/queries.ts";
import { ownInvitationInput } from "@/features/teams/schema.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { Prefetched } from "../../publications/prefetched.tsx";
import { readParam } from "../../search-params.ts";
import { currentAccount } from "../../viewer.ts";

/** The token in the URL must not be sent to other sites as a referrer. */
export const metadata: Metadata = { title: "Invitation", referrer: "same-origin" };

export default async function InvitationPage({
  params,
  searchParams,
}: PageProps<"/invitations/[id]">) {
  const [{ id }, token, account] = await Promise.all([
    params,
    readParam(searchParams, "token"),
    currentAccount(),
  ]);
  const input = ownInvitationInput.safeParse({
    invitationId: id,
    ...(token !== null && { token }),
  });
  if (!input.success) notFound();
  const viewerId = account?.id ?? null;
  return (
    <div className="mx-auto max-w-3xl">
      <Prefetched
        queries={[
          {
            ...invitationQuery(id, token, viewerId),
            queryFn: () => readAsViewer((ctx) => getInvitation(ctx, input.data)),
          },
        ]}
      >
        <InvitationCard invitationId={id} token={token} viewerId={viewerId} />
      </Prefetched>
    </div>
  );
}
