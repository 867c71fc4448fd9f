"use client";

import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Button } from "@/ui/forms/button.tsx";
import { Input, SubmitForm } from "@/ui/forms/controls.tsx";
import { inputStyle } from "@/ui/forms/text-field.tsx";

interface BanFormProps {
  readonly name: string;
  /** Rejects with a message for people. */
  readonly onBan: (reason: string) => Promise<void>;
  readonly onCancel: () => void;
}

/** Form to ban a person, with a required reason. */
export function BanForm({ name, onBan, onCancel }: BanFormProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [reason, setReason] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => input.current?.focus(), []);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    setIsBusy(true);
    setError(null);
    try {
      await onBan(reason);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : "The ban was not saved. Try again.");
      setIsBusy(false);
      input.current?.focus();
    }
  };
  return (
    <SubmitForm onSubmit={(event) => void submit(event)} className="min-w-60 space-y-2">
      <label htmlFor={id} className="block text-xs font-semibold">
        Why is {name} banned?
      </label>
      <Input
        ref={input}
        id={id}
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.target.value)}
        aria-invalid={error !== null || undefined}
        aria-describedby={`${id}-error`}
        className={`${inputStyle} h-9 text-sm`}
      />
      <p id={`${id}-error`} role="alert" className="text-xs font-medium text-danger">
        {error}
      </p>
      <div className="flex gap-1.5">
        <ActionButton type="submit" look="danger" size="sm" aria-disabled={isBusy}>
          {isBusy ? "Banning…" : "Ban"}
        </ActionButton>
        <Button look="bare" size="sm" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </SubmitForm>
  );
}
