"use client";

import { usePermissions } from "@/features/publications/components/use-permissions.ts";
import { SubmissionView } from "@/features/submissions/components/submission-view.tsx";

interface ViewProps {
  readonly publicationId: string;
  readonly submissionId: string;
  readonly viewerId: string;
}

export function View({ publicationId, submissionId, viewerId }: ViewProps) {
  const permissions = usePermissions(publicationId, viewerId);
  return (
    <SubmissionView
      submissionId={submissionId}
      publicationId={publicationId}
      viewerId={viewerId}
      permissions={permissions}
    />
  );
}
