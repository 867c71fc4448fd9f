"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { longListAtMost } from "@/lib/list-limits.ts";
import type { Permission } from "@/lib/publications/permissions.ts";
import { count } from "@/lib/text/text.ts";
import { CutNote } from "@/ui/data/cut-note.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { useCanAct } from "@/ui/data/use-page-status.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Input } from "@/ui/forms/controls.tsx";
import { Link } from "@/ui/link.tsx";
import { Monogram } from "@/ui/monogram.tsx";
import { Notice } from "@/ui/notice.tsx";
import { ConfirmDialog } from "@/ui/overlays/confirm-dialog.tsx";
import { giveRoleAction, removeMemberAction, takeRoleAction } from "../actions.ts";
import { teamKeys } from "../keys.ts";
import { rolesQuery, teamMembersQuery } from "../queries.ts";
import type { Role, TeamMember } from "../schema.ts";
import { useTeamMutation } from "./use-team-mutation.ts";

interface MemberListProps {
  readonly publicationId: string;
  readonly publicationName: string;
  readonly viewerId: string;
  readonly permissions: readonly Permission[];
  /** Part of a name or a handle; empty for all members. */
  readonly search: string;
}

/** The members, live. Members who manage members change roles and remove people. */
export function MemberList({
  publicationId,
  publicationName,
  viewerId,
  permissions,
  search,
}: MemberListProps) {
  const heading = useRef<HTMLParagraphElement>(null);
  const {
    data: members,
    isError,
    isPending,
    refetch,
  } = useQuery(teamMembersQuery(publicationId, search));
  const { data: roles = [] } = useQuery(rolesQuery(publicationId));
  const keys = [teamKeys.members(publicationId), teamKeys.roles(publicationId)];
  const give = useTeamMutation(giveRoleAction, keys);
  const take = useTeamMutation(takeRoleAction, keys);
  const remove = useTeamMutation(removeMemberAction, keys);
  const failure = give.error ?? take.error ?? remove.error;
  const manages = permissions.includes("members.manage");
  const mayGive = ({ isOwner, isHeld, permissions: ofRole }: Role) =>
    ofRole.every((permission) => permissions.includes(permission)) && (!isOwner || isHeld);

  return (
    <>
      <p ref={heading} tabIndex={-1} role="status" className="mt-6 text-sm text-ink-soft">
        {members !== undefined && members.length >= longListAtMost && "At least "}
        {members !== undefined && count(members.length, "member")}
        {members !== undefined && search !== "" && ` found for “${search}”`}
      </p>
      {failure && <Notice className="mt-4">{failure.message}</Notice>}
      {isError && <ReadFailed onRetry={refetch}>The members could not be loaded.</ReadFailed>}
      {isPending && <SkeletonList label="Loading the members" />}
      <ul className="mt-3 divide-y divide-rule border-t border-rule">
        {members?.map((member) => (
          <li key={member.userId} className="py-5">
            <MemberRow member={member} />
            {manages && (
              <div className="mt-3 flex flex-wrap items-start justify-between gap-3 pl-13">
                <RoleChoices
                  member={member}
                  roles={roles}
                  mayGive={mayGive}
                  isBusy={give.isPending || take.isPending}
                  onChange={(roleId, isHeld) => {
                    const input = { publicationId, userId: member.userId, roleId };
                    if (isHeld) give.mutate(input);
                    else take.mutate(input);
                  }}
                />
                {member.userId !== viewerId && (
                  <ConfirmDialog
                    trigger={
                      <ActionButton look="quiet" size="sm" aria-label={`Remove ${member.name}`}>
                        Remove
                      </ActionButton>
                    }
                    title={`Remove ${member.name}?`}
                    confirmLabel="Remove"
                    onConfirm={() => remove.mutate({ publicationId, userId: member.userId })}
                    focusAfterwards={() => heading.current?.focus()}
                  >
                    {member.name} loses access to {publicationName} at once. Unfinished submissions
                    are withdrawn; published articles stay.
                  </ConfirmDialog>
                )}
              </div>
            )}
          </li>
        ))}
      </ul>
      <CutNote rows={members} most={longListAtMost}>
        The {longListAtMost.toLocaleString("en")} members who joined first are shown. Search for
        others by their name or handle.
      </CutNote>
    </>
  );
}

function MemberRow({ member: { handle, name, joinedAt, roles } }: { member: TeamMember }) {
  return (
    <div className="flex items-center gap-4">
      <Monogram name={name} className="size-9 text-sm" />
      <div className="min-w-0">
        <p>
          <Link href={`/people/${handle}`} className="text-link font-semibold">
            {name}
          </Link>
          <span className="ml-3 text-sm text-ink-soft">
            {roles.length === 0 ? "No role" : roles.map((role) => role.name).join(", ")}
          </span>
        </p>
        <p className="text-xs text-ink-faint">
          Joined <RelativeTime at={joinedAt} />
        </p>
      </div>
    </div>
  );
}

interface RoleChoicesProps {
  readonly member: TeamMember;
  readonly roles: readonly Role[];
  readonly mayGive: (role: Role) => boolean;
  readonly isBusy: boolean;
  readonly onChange: (roleId: string, isHeld: boolean) => void;
}

function RoleChoices({ member, roles, mayGive, isBusy, onChange }: RoleChoicesProps) {
  const canAct = useCanAct();
  // The choice that is being saved, shown at once.
  const [saving, setSaving] = useState<readonly [roleId: string, isHeld: boolean] | null>(null);
  useEffect(() => {
    if (!isBusy) setSaving(null);
  }, [isBusy]);
  const isHeld = (roleId: string) =>
    saving?.[0] === roleId ? saving[1] : member.roles.some(({ id }) => id === roleId);
  return (
    <details className="text-sm">
      <summary className="text-link w-fit py-1">Change roles of {member.name}</summary>
      <fieldset className="mt-2 space-y-1.5">
        <legend className="sr-only">Roles of {member.name}</legend>
        {roles.map((role) => (
          <label key={role.id} className="flex items-center gap-2 py-0.5">
            <Input
              type="checkbox"
              checked={isHeld(role.id)}
              disabled={!canAct || !mayGive(role)}
              onChange={({ target }) => {
                setSaving([role.id, target.checked]);
                onChange(role.id, target.checked);
              }}
            />
            {role.name}
          </label>
        ))}
      </fieldset>
    </details>
  );
}
