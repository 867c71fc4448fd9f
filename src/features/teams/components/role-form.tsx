"use client";

import { type FormEvent, useState } from "react";
import { AppError } from "@/lib/errors/app-error.ts";
import {
  permissions as allPermissions,
  type Permission,
  permissionWords,
} from "@/lib/publications/permissions.ts";
import { Button } from "@/ui/forms/button.tsx";
import { Input, SubmitForm } from "@/ui/forms/controls.tsx";
import { TextField } from "@/ui/forms/text-field.tsx";
import { Notice } from "@/ui/notice.tsx";
import { saveRoleAction } from "../actions.ts";
import { teamKeys } from "../keys.ts";
import { roleNameLength } from "../limits.ts";
import type { Role } from "../schema.ts";
import { useTeamMutation } from "./use-team-mutation.ts";

interface RoleFormProps {
  readonly publicationId: string;
  readonly role: Pick<Role, "id" | "name" | "permissions">;
  /** The viewer's own permissions: no others can be given. */
  readonly given: readonly Permission[];
  readonly submitLabel: string;
  readonly onDone: () => void;
}

/** Creates or changes a role. */
export function RoleForm({ publicationId, role, given, submitLabel, onDone }: RoleFormProps) {
  const [name, setName] = useState(role.name);
  const [chosen, setChosen] = useState(role.permissions);
  const save = useTeamMutation(saveRoleAction, [teamKeys.roles(publicationId)]);
  const errors = save.error instanceof AppError ? save.error.fieldErrors : {};
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (save.isPending) return;
    save.mutate(
      { publicationId, roleId: role.id, name, permissions: [...chosen] },
      { onSuccess: onDone },
    );
  };
  return (
    <SubmitForm onSubmit={onSubmit} noValidate className="max-w-xl space-y-5">
      <TextField
        name={`role-name-${role.id}`}
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
      <p className="flex gap-3">
        <Button type="submit" size="sm" aria-disabled={save.isPending}>
          {save.isPending ? "Saving…" : submitLabel}
        </Button>
        <Button look="quiet" size="sm" onClick={onDone}>
          Cancel
        </Button>
      </p>
    </SubmitForm>
  );
}
