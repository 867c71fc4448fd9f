"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { changeRoleAction } from "../actions.ts";
import { moderationKeys } from "../keys.ts";
import type { Person } from "../schema.ts";
import { RoleDialog } from "./role-dialog.tsx";

/** A person's role, and the button that changes it. */
export function PersonRole({ person, isViewer }: { person: Person; isViewer: boolean }) {
  const queryClient = useQueryClient();
  const [isOpen, setIsOpen] = useState(false);
  const { id: userId, name, role } = person;
  return (
    <div className="flex flex-wrap items-center gap-x-2">
      <span>{role}</span>
      <ActionButton look="bare" size="sm" aria-haspopup="dialog" onClick={() => setIsOpen(true)}>
        Change<span className="sr-only"> the role of {name}</span>
      </ActionButton>
      {isOpen && (
        <RoleDialog
          person={person}
          isViewer={isViewer}
          onClose={() => setIsOpen(false)}
          onChange={async (wanted) => {
            await unwrapAction((stamp) => changeRoleAction(stamp, { userId, role: wanted }));
            await queryClient.invalidateQueries({ queryKey: moderationKeys.all });
          }}
        />
      )}
    </div>
  );
}
