"use client";

import { usePermissions } from "@/features/publications/components/use-permissions.ts";
import { RoleList } from "@/features/teams/components/role-list.tsx";

export function View({ publicationId, viewerId }: { publicationId: string; viewerId: string }) {
  const permissions = usePermissions(publicationId, viewerId);
  return <RoleList publicationId={publicationId} permissions={permissions} />;
}
