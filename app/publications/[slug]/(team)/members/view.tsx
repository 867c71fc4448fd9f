"use client";

import { usePermissions } from "@/features/publications/components/use-permissions.ts";
import { MemberList } from "@/features/teams/components/member-list.tsx";

interface ViewProps {
  readonly publicationId: string;
  readonly publicationName: string;
  readonly viewerId: string;
  /** Part of a name or a handle; empty for all members. */
  readonly search: string;
}

export function View(props: ViewProps) {
  const permissions = usePermissions(props.publicationId, props.viewerId);
  return <MemberList {...props} permissions={permissions} />;
}
