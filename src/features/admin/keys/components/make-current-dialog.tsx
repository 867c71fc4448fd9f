"use client";

import { useQuery } from "@tanstack/react-query";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Button } from "@/ui/forms/button.tsx";
import { Notice } from "@/ui/notice.tsx";
import { Modal } from "@/ui/overlays/modal.tsx";
import { checkAppAction } from "../actions.ts";
import { brokerKeys } from "../keys.ts";

interface MakeCurrentDialogProps {
  readonly id: string;
  /** The app that browsers use now. */
  readonly currentId: string | undefined;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/**
 * Confirms a switch of the broker app. It opens with a test publish; the confirming button works after the
 * broker has accepted it. The server repeats the check when it switches.
 */
export function MakeCurrentDialog({ id, currentId, onConfirm, onClose }: MakeCurrentDialogProps) {
  const check = useQuery({
    queryKey: brokerKeys.check(id),
    queryFn: async () => {
      await unwrapAction((stamp) => checkAppAction(stamp, { id }));
      return true;
    },
    retry: false,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const isAccepted = check.isSuccess && !check.isFetching;
  return (
    <Modal
      role="alertdialog"
      title={`Make app ${id} current?`}
      className="w-[28rem]"
      onClose={(answer) => {
        onClose();
        if (answer === "yes") onConfirm();
      }}
    >
      <p className="mt-2 text-ink-soft">
        New connections use its key. Pages that are connected with{" "}
        {currentId === undefined ? "another app" : `the app ${currentId}`} stay connected until you
        retire it.
      </p>
      <p role="status" className="mt-4 text-sm font-semibold">
        {check.isFetching && "Publishing a test event…"}
        {isAccepted && "The broker accepted a test event."}
      </p>
      {check.error && !check.isFetching && <Notice className="mt-2">{check.error.message}</Notice>}
      <form method="dialog" className="mt-6 flex flex-wrap justify-end gap-3">
        <Button type="submit" look="quiet">
          Cancel
        </Button>
        {check.error && (
          <Button
            look="quiet"
            aria-disabled={check.isFetching}
            onClick={() => void check.refetch()}
          >
            Check again
          </Button>
        )}
        <ActionButton type="submit" value="yes" disabled={!isAccepted}>
          Make current
        </ActionButton>
      </form>
    </Modal>
  );
}
