"use client";

import { usePermissions } from "@/features/publications/components/use-permissions.ts";
import { SubmissionList } from "@/features/submissions/components/submission-list.tsx";
import { TaskList } from "@/features/submissions/components/task-list.tsx";
import type { TaskFilter } from "@/features/submissions/schema.ts";
import { seesDesk } from "@/lib/publications/permissions.ts";
import { SectionTitle } from "@/ui/frame/section-title.tsx";

interface ViewProps {
  readonly publicationId: string;
  readonly path: string;
  readonly filter: TaskFilter;
  readonly viewerId: string;
}

export function View({ publicationId, path, filter, viewerId }: ViewProps) {
  const isDesk = seesDesk(usePermissions(publicationId, viewerId));
  const viewer = { userId: viewerId, isDesk };
  return (
    <>
      <TaskList publicationId={publicationId} path={path} filter={filter} viewer={viewer} />
      <section className="mt-12">
        <SectionTitle>Submissions</SectionTitle>
        <SubmissionList publicationId={publicationId} path={path} viewer={viewer} />
      </section>
    </>
  );
}
