"use client";

import { type FormEvent, useId, useState } from "react";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Button } from "@/ui/forms/button.tsx";
import { Input, SubmitForm } from "@/ui/forms/controls.tsx";
import { Notice } from "@/ui/notice.tsx";
import { Modal } from "@/ui/overlays/modal.tsx";
import { type Person, type Role, roles } from "../schema.ts";

interface RoleDialogProps {
  readonly person: Pick<Person, "name" | "role">;
  readonly isViewer: boolean;
  /** Rejects with a message for people. */
  readonly onChange: (role: Role) => Promise<void>;
  readonly onClose: () => void;
}

const meanings: Readonly<Record<Role, string>> = {
  reader: "Can read, comment and create gists.",
  author: "Can also write and publish articles.",
  admin: "Can also use the admin console.",
};

/** Confirms a change of role. When the server refuses, it stays open and shows the reason. */
export function RoleDialog({ person, isViewer, onChange, onClose }: RoleDialogProps) {
  const id = useId();
  const [role, setRole] = useState(person.role);
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy || role === person.role) return;
    setIsBusy(true);
    setFailure(null);
    try {
      await onChange(role);
      onClose();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : "The role was not changed. Try again.");
      setIsBusy(false);
    }
  };
  return (
    <Modal
      role="dialog"
      title={`Change the role of ${person.name}`}
      className="w-[26rem]"
      onClose={onClose}
    >
      <SubmitForm onSubmit={(event) => void submit(event)}>
        <fieldset className="mt-4 space-y-3">
          <legend className="sr-only">Role</legend>
          {roles.map((each) => (
            <label key={each} htmlFor={`${id}-${each}`} className="flex items-start gap-3">
              <Input
                id={`${id}-${each}`}
                type="radio"
                name="role"
                value={each}
                checked={role === each}
                onChange={() => setRole(each)}
                className="mt-1 accent-accent"
              />
              <span>
                <span className="block font-semibold capitalize">{each}</span>
                <span className="block text-sm text-ink-soft">{meanings[each]}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <p className="mt-4 text-sm text-ink-soft">
          {isViewer && role !== "admin"
            ? "You lose access to the admin console at once. Another admin can restore it."
            : "The open pages of this person change at once. The change is recorded in the audit log."}
        </p>
        {failure !== null && <Notice className="mt-4">{failure}</Notice>}
        <div className="mt-6 flex flex-wrap justify-end gap-3">
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <ActionButton type="submit" aria-disabled={isBusy || role === person.role}>
            {isBusy ? "Changing…" : "Change role"}
          </ActionButton>
        </div>
      </SubmitForm>
    </Modal>
  );
}
