"use client";

import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { cn } from "@/lib/cn.ts";
import { useCanAct } from "@/ui/data/use-page-status.ts";
import { Button } from "@/ui/forms/button.tsx";
import { SubmitForm, TextBox } from "@/ui/forms/controls.tsx";
import { growingStyle, inputStyle } from "@/ui/forms/text-field.tsx";
import { useDraft } from "@/ui/forms/use-draft.ts";
import { Notice } from "@/ui/notice.tsx";
import { bodyLength } from "../../limits.ts";

interface CommentComposerProps {
  readonly label: string;
  readonly submitLabel: string;
  /** Key of the draft: one per page and comment. */
  readonly draftKey: string;
  readonly initialBody?: string;
  /** Rejects with a message for people. The text is then kept. */
  readonly onSubmit: (body: string) => Promise<void>;
  /** Called with the text after each change, and with an empty one when it was submitted. */
  readonly onTyped?: (text: string) => void;
  readonly onCancel?: () => void;
  /** The field during the request: `clear` or `hide` when the page already shows the comment, else `keep`. */
  readonly whileSending: "clear" | "hide" | "keep";
  readonly takesFocus?: boolean;
}

/** The field to write a comment. The text is kept until the server has it. */
export function CommentComposer(props: CommentComposerProps) {
  const { initialBody = "", whileSending, takesFocus = false } = props;
  const [body, setBody] = useDraft(props.draftKey, initialBody);
  const [isSending, setIsSending] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const textarea = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const canAct = useCanAct();
  const overBy = body.trim().length - bodyLength;

  useEffect(() => {
    if (takesFocus) textarea.current?.focus();
  }, [takesFocus]);

  const submit = async () => {
    if (isSending || !canAct) return;
    const text = body.trim();
    if (text === "" || overBy > 0) {
      textarea.current?.focus();
      return setError(text === "" ? "Enter a comment." : null);
    }
    setIsSending(true);
    setError(null);
    props.onTyped?.("");
    try {
      await props.onSubmit(text);
      setBody(initialBody);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : "The comment was not sent. Try again.");
      requestAnimationFrame(() => textarea.current?.focus());
    } finally {
      setIsSending(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    void submit();
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit();
  };

  // Without a draft the field is not shown.
  if (!canAct && body === "") return null;
  return (
    <SubmitForm
      onSubmit={onSubmit}
      hidden={isSending && whileSending === "hide"}
      className="space-y-3"
    >
      <label htmlFor={id} className="block text-sm font-semibold">
        {props.label}
      </label>
      <TextBox
        ref={textarea}
        id={id}
        value={isSending && whileSending === "clear" ? "" : body}
        onChange={(event) => {
          setBody(event.target.value);
          props.onTyped?.(event.target.value);
          setError(null);
        }}
        onKeyDown={onKeyDown}
        readOnly={isSending || !canAct}
        rows={4}
        aria-invalid={error !== null || overBy > 0 || undefined}
        aria-describedby={`${id}-hint`}
        className={cn(inputStyle, growingStyle, "min-h-28 resize-y py-2.5 font-serif text-lg")}
      />
      {error !== null && <Notice>{error}</Notice>}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        {canAct ? (
          <Button type="submit" aria-disabled={isSending || overBy > 0}>
            {isSending ? "Sending…" : props.submitLabel}
          </Button>
        ) : (
          <p className="text-sm text-ink-soft">Your draft is kept on this page and in this tab.</p>
        )}
        {props.onCancel && (
          <Button look="bare" onClick={props.onCancel}>
            Cancel
          </Button>
        )}
        <p id={`${id}-hint`} className="ml-auto text-xs text-ink-faint">
          <Remaining overBy={overBy} />
        </p>
      </div>
    </SubmitForm>
  );
}

/** Characters above the limit. Shown only near the limit. */
function Remaining({ overBy }: { overBy: number }) {
  if (overBy > 0) {
    return (
      <span className="font-semibold text-danger">
        {overBy.toLocaleString("en")} characters too long
      </span>
    );
  }
  if (overBy > -bodyLength / 5) return <>{(-overBy).toLocaleString("en")} characters left</>;
  return (
    <span className="pointer-coarse:hidden">
      <kbd className="font-sans font-semibold">Ctrl</kbd> or{" "}
      <kbd className="font-sans font-semibold">⌘</kbd> with{" "}
      <kbd className="font-sans font-semibold">Enter</kbd> sends
    </span>
  );
}
