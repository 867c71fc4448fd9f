"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { AppError } from "@/lib/errors/app-error.ts";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { Link } from "@/ui/link.tsx";
import { publicationQuery } from "../queries.ts";

interface PublicationGateProps {
  readonly publicationId: string;
  readonly name: string;
  readonly children: ReactNode;
}

/** Shows the pages of a publication until it is deleted, then the reason. */
export function PublicationGate({ publicationId, name, children }: PublicationGateProps) {
  const { error, data } = useQuery(publicationQuery(publicationId));
  const isDeleted = data === undefined && error instanceof AppError && error.code === "not_found";
  if (!isDeleted) return children;
  return (
    <div role="alert">
      <EmptyState
        isPage
        title={`${name} was deleted`}
        action={
          <Link href="/publications" className={buttonStyle({ look: "quiet" })}>
            Show publications
          </Link>
        }
      >
        An owner deleted this publication with its team, submissions and tasks. The articles that it
        published stay with their authors.
      </EmptyState>
    </div>
  );
}
