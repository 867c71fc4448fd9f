"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { createId } from "@/lib/create-id.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import type { Permission } from "@/lib/publications/permissions.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Select, SubmitForm } from "@/ui/forms/controls.tsx";
import { CopyButton } from "@/ui/forms/copy-button.tsx";
import { Field } from "@/ui/forms/field.tsx";
import { inputStyle, TextField } from "@/ui/forms/text-field.tsx";
import { Notice } from "@/ui/notice.tsx";
import { inviteAction } from "../actions.ts";
import { teamKeys } from "../keys.ts";
import { invitationDays } from "../limits.ts";
import { rolesQuery } from "../queries.ts";
import { useTeamMutation } from "./use-team-mutation.ts";

interface InviteFormProps {
  readonly publicationId: string;
  readonly permissions: readonly Permission[];
}

interface Sent {
  readonly email: string;
  readonly link: string;
  readonly isMailed: boolean;
}

/** Invites a person by e-mail. The link is shown once, to be sent to the person where the site sends no e-mails. */
export function InviteForm({ publicationId, permissions }: InviteFormProps) {
  const { data: roles = [] } = useQuery(rolesQuery(publicationId));
  const [email, setEmail] = useState("");
  const [roleId, setRoleId] = useState("");
  const [sent, setSent] = useState<Sent | null>(null);
  const invite = useTeamMutation(inviteAction, [teamKeys.invitations(publicationId)]);
  const errors = invite.error instanceof AppError ? invite.error.fieldErrors : {};
  const choices = roles.filter(
    (role) => !role.isOwner && role.permissions.every((each) => permissions.includes(each)),
  );
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (invite.isPending) return;
    invite.mutate(
      { publicationId, invitationId: createId(), email, roleId },
      {
        onSuccess: ({ path, isMailed }) => {
          setSent({ email, isMailed, link: new URL(path, location.origin).href });
          setEmail((typed) => (typed === email ? "" : typed));
        },
      },
    );
  };
  return (
    <SubmitForm onSubmit={onSubmit} noValidate className="max-w-xl space-y-5">
      <TextField
        name="email"
        label="E-mail"
        type="email"
        autoComplete="off"
        hint={`The invitation expires after ${invitationDays} days.`}
        value={email}
        errors={errors.email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <Field label="Role" errors={errors.roleId}>
        {(control) => (
          <Select
            {...control}
            className={`${inputStyle} h-11`}
            value={roleId}
            onChange={(event) => setRoleId(event.target.value)}
          >
            <option value="">Choose a role</option>
            {choices.map((role) => (
              <option key={role.id} value={role.id}>
                {role.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {invite.error && <Notice>{invite.error.message}</Notice>}
      <ActionButton type="submit" aria-disabled={invite.isPending}>
        {invite.isPending ? "Inviting…" : "Create invitation"}
      </ActionButton>
      {sent !== null && (
        <Notice role="status">
          <p>
            {sent.isMailed
              ? `The invitation is sent to ${sent.email} by e-mail. This is its link.`
              : `Send this link to ${sent.email}.`}{" "}
            It is shown only now. A person with an account also gets a notification.
          </p>
          <p className="mt-2 flex items-center gap-2">
            <code data-testid="invitation-link" className="min-w-0 font-mono text-xs break-all">
              {sent.link}
            </code>
            <CopyButton text={sent.link} what="the link" />
          </p>
        </Notice>
      )}
    </SubmitForm>
  );
}
