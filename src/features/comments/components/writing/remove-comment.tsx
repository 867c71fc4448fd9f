"use client";

import { useState } from "react";
import { Button } from "@/ui/forms/button.tsx";
import { TextField } from "@/ui/forms/text-field.tsx";
import { Modal } from "@/ui/overlays/modal.tsx";

interface RemoveCommentProps {
  /** Name of the author. */
  readonly name: string;
  readonly onRemove: (reason: string) => void;
  /** Moves the focus, since the button is removed with the comment. */
  readonly focusAfterwards: () => void;
}

/**
 * Lets an admin remove another person's comment, after a confirmation. The reason is recorded in the audit
 * log.
 */
export function RemoveComment({ name, onRemove, focusAfterwards }: RemoveCommentProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [reason, setReason] = useState("");
  const close = (answer: string) => {
    setIsOpen(false);
    if (answer !== "yes") return;
    onRemove(reason);
    focusAfterwards();
  };
  return (
    <>
      <Button look="bare" size="inline" aria-haspopup="dialog" onClick={() => setIsOpen(true)}>
        Remove<span className="sr-only"> {name}’s comment</span>
      </Button>
      {isOpen && (
        <Modal
          role="alertdialog"
          title={`Remove ${name}’s comment?`}
          onClose={close}
          className="w-[26rem]"
        >
          <p className="mt-2 text-ink-soft">
            Replies by other people stay below a note that the comment was deleted. The removal is
            recorded in the audit log. This cannot be undone.
          </p>
          <form method="dialog" className="mt-4">
            <TextField
              name="removal-reason"
              label="Reason"
              hint="Optional. Only admins can see it."
              maxLength={500}
              autoComplete="off"
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
            <div className="mt-6 flex flex-wrap justify-end gap-3">
              <Button type="submit" look="danger" value="yes" className="order-last">
                Remove
              </Button>
              <Button type="submit" look="quiet">
                Cancel
              </Button>
            </div>
          </form>
        </Modal>
      )}
    </>
  );
}
