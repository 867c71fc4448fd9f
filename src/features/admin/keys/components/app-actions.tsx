"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { ActionResult } from "@/lib/errors/action-result.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Notice } from "@/ui/notice.tsx";
import { ConfirmDialog } from "@/ui/overlays/confirm-dialog.tsx";
import { acceptAppAction, makeCurrentAction, retireAppAction } from "../actions.ts";
import { brokerKeys } from "../keys.ts";
import type { AppInput, BrokerAppView } from "../schema.ts";
import { MakeCurrentDialog } from "./make-current-dialog.tsx";

type Deed = (stamp: PageStamp, input: AppInput) => Promise<ActionResult<void>>;

interface AppActionsProps {
  readonly app: BrokerAppView;
  /** The app that browsers use now. */
  readonly currentId: string | undefined;
}

/** The actions that an app's state allows. The list is refetched after each. */
export function AppActions({ app: { id, status }, currentId }: AppActionsProps) {
  const [isSwitching, setIsSwitching] = useState(false);
  const queryClient = useQueryClient();
  const place = useRef<HTMLDivElement>(null);
  const act = useMutation({
    mutationFn: (deed: Deed) => unwrapAction((stamp) => deed(stamp, { id })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: brokerKeys.apps }),
  });
  const run = (deed: Deed) => {
    if (!act.isPending) act.mutate(deed);
  };
  if (status === "current") return <span className="text-xs text-ink-faint">–</span>;
  return (
    <div ref={place} tabIndex={-1} className="flex flex-wrap gap-1.5">
      {status === "accepted" && (
        <>
          <ActionButton
            look="quiet"
            size="sm"
            aria-disabled={act.isPending}
            aria-haspopup="dialog"
            onClick={() => setIsSwitching(true)}
          >
            Make current<span className="sr-only">: {id}</span>
          </ActionButton>
          {isSwitching && (
            <MakeCurrentDialog
              id={id}
              currentId={currentId}
              onClose={() => setIsSwitching(false)}
              onConfirm={() => {
                run(makeCurrentAction);
                place.current?.focus();
              }}
            />
          )}
          <ConfirmDialog
            trigger={
              <ActionButton look="bare" size="sm">
                Retire<span className="sr-only"> {id}</span>
              </ActionButton>
            }
            title={`Retire app ${id}?`}
            confirmLabel="Retire"
            onConfirm={() => run(retireAppAction)}
            focusAfterwards={() => place.current?.focus()}
          >
            No signal is published to this app or signed for it any more. Pages that are connected
            with it move to the current app within seconds.
          </ConfirmDialog>
        </>
      )}
      {status === "retired" && (
        <ActionButton
          look="quiet"
          size="sm"
          aria-disabled={act.isPending}
          onClick={() => run(acceptAppAction)}
        >
          Accept<span className="sr-only"> {id}</span> again
        </ActionButton>
      )}
      {act.error && <Notice className="w-full">{act.error.message}</Notice>}
    </div>
  );
}
