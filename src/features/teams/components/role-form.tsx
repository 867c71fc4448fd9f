"use client";

import { type FormEvent, useState } from "react";
import { AppError } from "@/lib/errors/app-error.ts";
import {
  permissions as allPermissions,
  type Permission,
  permissionWords,
} from "@/lib/publications/permissions.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Button } from "@/ui/forms/button.tsx";
import { Input, SubmitForm } from "@/ui/forms/controls.tsx";
import { NewerValues } from "@/ui/forms/newer-values.tsx";
import { TextField } from "@/ui/forms/text-field.tsx";
import { Notice } from "@/ui/notice.tsx";
import { saveRoleAction } from "../actions.ts";
import { teamKeys } from "../keys.ts";
import { roleNameLength } from "../limits.ts";
import type { Role } from "../schema.ts";
import { useTeamMutation } from "./use-team-mutation.ts";

interface RoleFormProps {
  readonly publicationId: string;
  readonly roleId: string;
  /** The stored role; null for a new one. */
  readonly stored: Pick<Role, "name" | "permissions"> | null;
  /** The viewer's own permissions: no others can be given. */
  readonly given: readonly Permission[];
  readonly onDone: () => void;
}

/** Creates or changes a role. */
export function RoleForm({ publicationId, roleId, stored, given, onDone }: RoleFormProps) {
  const [basedOn, setBasedOn] = useState(stored);
  const [name, setName] = useState(stored?.name ?? "");
  const [chosen, setChosen] = useState(stored?.permissions ?? []);
  const save = useTeamMutation(saveRoleAction, [teamKeys.roles(publicationId)]);
  const errors = save.error instanceof AppError ? save.error.fieldErrors : {};
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (save.isPending) return;
    save.mutate(
      {
        publicationId,
        roleId,
        name,
        permissions: [...chosen],
        basedOn: basedOn && { name: basedOn.name, permissions: [...basedOn.permissions] },
      },
      { onSuccess: onDone },
    );
  };
  const load = (newer: NonNullable<typeof stored>) => {
    setBasedOn(newer);
    setName(newer.name);
    setChosen(newer.permissions);
    save.reset();
  };
  const submitLabel = stored === null ? "Create role" : "Save role";
  const isStale = JSON.stringify(stateOf(stored)) !== JSON.stringify(stateOf(basedOn));
  return (
    <SubmitForm onSubmit={onSubmit} noValidate className="max-w-xl space-y-5">
      <TextField
        name={`role-name-${roleId}`}
        label="Name of the role"
        maxLength={roleNameLength}
        value={name}
        errors={errors.name}
        onChange={(event) => setName(event.target.value)}
      />
      <fieldset className="space-y-1.5 text-sm">
        <legend className="mb-1.5 font-semibold">Permissions</legend>
        {allPermissions.map((permission) => (
          <label key={permission} className="flex items-center gap-2 py-0.5">
            <Input
              type="checkbox"
              checked={chosen.includes(permission)}
              disabled={!given.includes(permission)}
              onChange={(event) =>
                setChosen(
                  event.target.checked
                    ? [...chosen, permission]
                    : chosen.filter((each) => each !== permission),
                )
              }
            />
            {permissionWords[permission]}
          </label>
        ))}
      </fieldset>
      {save.error && <Notice>{save.error.message}</Notice>}
      {save.error && isStale && stored !== null && (
        <NewerValues onLoad={() => load(stored)}>
          <p>Name: {stored.name}</p>
          <p>
            Permissions:{" "}
            {stored.permissions.map((each) => permissionWords[each]).join(", ") || "none"}
          </p>
        </NewerValues>
      )}
      <p className="flex gap-3">
        <ActionButton type="submit" size="sm" aria-disabled={save.isPending}>
          {save.isPending ? "Saving…" : submitLabel}
        </ActionButton>
        <Button look="quiet" size="sm" onClick={onDone}>
          Cancel
        </Button>
      </p>
    </SubmitForm>
  );
}

const stateOf = (role: RoleFormProps["stored"]) => role && [role.name, role.permissions];
