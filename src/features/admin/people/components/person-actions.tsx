"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Button } from "@/ui/forms/button.tsx";
import { Notice } from "@/ui/notice.tsx";
import { ConfirmDialog } from "@/ui/overlays/confirm-dialog.tsx";
import {
  banUserAction,
  endConnectionsAction,
  endSessionsAction,
  liftBanAction,
} from "../actions.ts";
import { moderationKeys } from "../keys.ts";
import type { Person } from "../schema.ts";
import { BanForm } from "./ban-form.tsx";

/** Actions of an admin on a person. The list is refetched after each. */
export function PersonActions({ person }: { person: Person }) {
  const queryClient = useQueryClient();
  const place = useRef<HTMLDivElement>(null);
  const [isBanning, setIsBanning] = useState(false);
  const { id: userId, name, ban, sessions } = person;
  const act = useMutation({
    mutationFn: (deed: () => Promise<unknown>) => deed(),
    onSettled: () => queryClient.invalidateQueries({ queryKey: moderationKeys.all }),
  });
  const run = (deed: () => Promise<unknown>) => act.mutateAsync(deed);
  const focus = () => place.current?.focus();

  if (isBanning) {
    return (
      <BanForm
        name={name}
        onBan={async (reason) => {
          await run(() => unwrapAction((stamp) => banUserAction(stamp, { userId, reason })));
          setIsBanning(false);
        }}
        onCancel={() => setIsBanning(false)}
      />
    );
  }
  return (
    <div ref={place} tabIndex={-1} className="flex flex-wrap gap-1.5">
      {ban === null ? (
        <Button look="quiet" size="sm" onClick={() => setIsBanning(true)}>
          Ban<span className="sr-only"> {name}</span>
        </Button>
      ) : (
        <ActionButton
          look="quiet"
          size="sm"
          aria-disabled={act.isPending}
          onClick={() => void run(() => unwrapAction((stamp) => liftBanAction(stamp, { userId })))}
        >
          Lift the ban<span className="sr-only"> of {name}</span>
        </ActionButton>
      )}
      {sessions > 0 && (
        <ConfirmDialog
          trigger={
            <ActionButton look="bare" size="sm">
              Sign out<span className="sr-only"> {name} everywhere</span>
            </ActionButton>
          }
          title={`Sign out ${name} everywhere?`}
          confirmLabel="Sign out"
          onConfirm={() =>
            void run(() => unwrapAction((stamp) => endSessionsAction(stamp, { userId })))
          }
          focusAfterwards={focus}
        >
          All devices of this person are signed out at once. The person can sign in again.
        </ConfirmDialog>
      )}
      {sessions > 0 && (
        <ActionButton
          look="bare"
          size="sm"
          aria-disabled={act.isPending}
          onClick={() =>
            void run(() => unwrapAction((stamp) => endConnectionsAction(stamp, { userId })))
          }
        >
          Cut connections<span className="sr-only"> of {name}</span>
        </ActionButton>
      )}
      {act.error && <Notice className="w-full">{act.error.message}</Notice>}
    </div>
  );
}
