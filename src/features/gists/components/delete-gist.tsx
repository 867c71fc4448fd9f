"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useRef } from "react";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { Button } from "@/ui/forms/button.tsx";
import { Notice } from "@/ui/notice.tsx";
import { ConfirmDialog } from "@/ui/overlays/confirm-dialog.tsx";
import { deleteGistAction } from "../actions.ts";

/** Deletes a gist after a confirmation, then opens the viewer's list. */
export function DeleteGist({ id, title }: { id: string; title: string }) {
  const router = useRouter();
  const button = useRef<HTMLButtonElement>(null);
  const remove = useMutation({
    mutationFn: () => unwrapAction((stamp) => deleteGistAction(stamp, { gistId: id })),
    onSuccess: () => router.replace("/gists?show=yours"),
  });
  return (
    <>
      <ConfirmDialog
        trigger={
          <Button
            ref={button}
            look="quiet"
            size="sm"
            aria-disabled={remove.isPending || remove.isSuccess}
          >
            {remove.isPending || remove.isSuccess ? "Deleting…" : "Delete"}
          </Button>
        }
        title={`Delete “${title}”?`}
        confirmLabel="Delete"
        onConfirm={() => remove.mutate()}
        focusAfterwards={() => button.current?.focus()}
      >
        Its files and comments are deleted too. This cannot be undone.
      </ConfirmDialog>
      {remove.error && <Notice>{remove.error.message}</Notice>}
    </>
  );
}
