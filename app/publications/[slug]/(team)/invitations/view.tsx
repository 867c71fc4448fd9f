"use client";

import { usePermissions } from "@/features/publications/components/use-permissions.ts";
import { InvitationList } from "@/features/teams/components/invitation-list.tsx";

export function View({ publicationId, viewerId }: { publicationId: string; viewerId: string }) {
  const permissions = usePermissions(publicationId, viewerId);
  return (
    <InvitationList publicationId={publicationId} viewerId={viewerId} permissions={permissions} />
  );
}
