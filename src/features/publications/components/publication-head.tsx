"use client";

import { useQuery } from "@tanstack/react-query";
import { usePathname } from "next/navigation";
import { Choices } from "@/ui/forms/choices.tsx";
import { publicationQuery, standingQuery } from "../queries.ts";

interface PublicationHeadProps {
  readonly publicationId: string;
  readonly viewerId: string | null;
  /** Whether the viewer was a member when the page was rendered. */
  readonly isMember: boolean;
  /** Follows the label of the desk, e.g. a number of unread messages. Default: nothing. */
  readonly deskMark?: string | undefined;
}

/** Name and description of a publication, and the links to its pages, more of them for members. */
export function PublicationHead({
  publicationId,
  viewerId,
  isMember,
  deskMark,
}: PublicationHeadProps) {
  const { data: publication } = useQuery(publicationQuery(publicationId));
  const { data: standing } = useQuery(standingQuery(publicationId, viewerId, isMember));
  const pathname = usePathname();
  if (publication === undefined) return null;
  const home = `/publications/${publication.slug}`;
  const permissions = standing?.permissions ?? [];
  const link = (path: string, label: string) => ({
    href: `${home}${path}`,
    label,
    isCurrent: path === "" ? pathname === home : pathname?.startsWith(`${home}${path}`) === true,
  });
  return (
    <header className="mb-8">
      <p className="label-caps text-accent">Publication</p>
      <p className="mt-2 font-serif text-3xl font-medium tracking-tight">{publication.name}</p>
      {publication.description !== "" && pathname === home && (
        <p className="mt-3 max-w-[62ch] font-serif text-lg text-ink-soft">
          {publication.description}
        </p>
      )}
      <Choices
        label={`Pages of ${publication.name}`}
        className="mt-6"
        choices={[
          link("", "Articles"),
          link("/evidence", "Evidence"),
          ...(standing?.isMember
            ? [
                link("/desk", deskMark === undefined ? "Desk" : `Desk ${deskMark}`),
                link("/ask", "Ask"),
                link("/work", "Work"),
                link("/members", "Members"),
                link("/roles", "Roles"),
                ...(permissions.includes("members.manage")
                  ? [link("/invitations", "Invitations")]
                  : []),
                link("/settings", "Settings"),
              ]
            : []),
        ]}
      />
    </header>
  );
}
