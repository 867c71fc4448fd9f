"use client";

import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { createId } from "@/lib/create-id.ts";
import { type Permission, permissionWords } from "@/lib/publications/permissions.ts";
import { count } from "@/lib/text/text.ts";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Button } from "@/ui/forms/button.tsx";
import { Notice } from "@/ui/notice.tsx";
import { ConfirmDialog } from "@/ui/overlays/confirm-dialog.tsx";
import { deleteRoleAction } from "../actions.ts";
import { teamKeys } from "../keys.ts";
import { rolesQuery } from "../queries.ts";
import type { Role } from "../schema.ts";
import { RoleForm } from "./role-form.tsx";
import { useTeamMutation } from "./use-team-mutation.ts";

interface RoleListProps {
  readonly publicationId: string;
  readonly permissions: readonly Permission[];
}

/** The roles with their permissions, live. Members who manage roles create, change and delete them. */
export function RoleList({ publicationId, permissions }: RoleListProps) {
  const heading = useRef<HTMLParagraphElement>(null);
  const [newId, setNewId] = useState<string | null>(null);
  const { data: roles, isError, isPending, refetch } = useQuery(rolesQuery(publicationId));
  const manages = permissions.includes("roles.manage");
  const mayChange = (role: Role) =>
    manages && !role.isOwner && role.permissions.every((each) => permissions.includes(each));
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p ref={heading} tabIndex={-1} role="status" className="text-sm text-ink-soft">
          {roles !== undefined && count(roles.length, "role")}
        </p>
        {manages && newId === null && (
          <Button look="quiet" size="sm" onClick={() => setNewId(createId())}>
            New role
          </Button>
        )}
      </div>
      {newId !== null && (
        <section aria-label="New role" className="mt-4 border-y border-rule py-5">
          <RoleForm
            publicationId={publicationId}
            roleId={newId}
            stored={null}
            given={permissions}
            onDone={() => setNewId(null)}
          />
        </section>
      )}
      {isError && <ReadFailed onRetry={refetch}>The roles could not be loaded.</ReadFailed>}
      {isPending && <SkeletonList label="Loading the roles" />}
      <ul className="mt-3 divide-y divide-rule border-t border-rule">
        {roles?.map((role) => (
          <li key={role.id} className="py-5">
            <RoleRow
              publicationId={publicationId}
              role={role}
              given={permissions}
              isChangeable={mayChange(role)}
              onDeleted={() => heading.current?.focus()}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

interface RoleRowProps {
  readonly publicationId: string;
  readonly role: Role;
  readonly given: readonly Permission[];
  readonly isChangeable: boolean;
  readonly onDeleted: () => void;
}

function RoleRow({ publicationId, role, given, isChangeable, onDeleted }: RoleRowProps) {
  const [isEditing, setIsEditing] = useState(false);
  const remove = useTeamMutation(deleteRoleAction, [teamKeys.roles(publicationId)]);
  const { id, name, permissions, isOwner, memberCount } = role;
  if (isEditing && isChangeable) {
    return (
      <RoleForm
        publicationId={publicationId}
        roleId={id}
        stored={role}
        given={given}
        onDone={() => setIsEditing(false)}
      />
    );
  }
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-3">
        <h2 className="font-semibold">{name}</h2>
        <p className="text-xs text-ink-faint">{count(memberCount, "member")}</p>
      </div>
      {permissions.length === 0 ? (
        <p className="mt-1 text-sm text-ink-soft">
          Submits own articles. Has no other permissions.
        </p>
      ) : (
        <ul className="mt-1 list-disc space-y-0.5 pl-5 text-sm text-ink-soft">
          {permissions.map((permission) => (
            <li key={permission}>{permissionWords[permission]}</li>
          ))}
        </ul>
      )}
      {isOwner && (
        <p className="mt-2 text-xs text-ink-faint">This role cannot be changed or deleted.</p>
      )}
      {remove.error && <Notice className="mt-3">{remove.error.message}</Notice>}
      {isChangeable && (
        <p className="mt-3 flex gap-2">
          <Button
            look="quiet"
            size="sm"
            aria-label={`Change role ${name}`}
            onClick={() => setIsEditing(true)}
          >
            Change
          </Button>
          <ConfirmDialog
            trigger={
              <ActionButton look="quiet" size="sm" aria-label={`Delete role ${name}`}>
                Delete
              </ActionButton>
            }
            title={`Delete the role ${name}?`}
            confirmLabel="Delete"
            onConfirm={() => remove.mutate({ publicationId, roleId: id })}
            focusAfterwards={onDeleted}
          >
            {count(memberCount, "member")} will lose its permissions. Open invitations to this role
            are deleted.
          </ConfirmDialog>
        </p>
      )}
    </>
  );
}
