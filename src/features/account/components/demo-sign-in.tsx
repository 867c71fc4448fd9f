"use client";

import { Button } from "@/ui/forms/button.tsx";
import { SubmitForm } from "@/ui/forms/controls.tsx";
import { Notice } from "@/ui/notice.tsx";
import { signInAsDemoAction } from "../actions.ts";
import type { Account } from "../schema.ts";
import { useFormAction } from "./use-form-action.ts";

interface DemoSignInProps {
  readonly accounts: readonly Pick<Account, "role">[];
  /** Path to redirect to afterwards. */
  readonly next: string;
}

/** One button per demo account. As a plain form it works without JavaScript. */
export function DemoSignIn({ accounts, next }: DemoSignInProps) {
  const { state, isSending, form } = useFormAction(signInAsDemoAction);
  return (
    <section aria-labelledby="demo-accounts" className="mb-8 border-b border-rule pb-8">
      <h2 id="demo-accounts" className="font-sans text-sm font-semibold">
        Demo accounts
      </h2>
      <p className="mt-1 mb-4 text-sm text-ink-soft">
        This site shows sample data. Sign in with one click.
      </p>
      {state.message !== null && <Notice className="mb-4">{state.message}</Notice>}
      <SubmitForm {...form} className="flex flex-wrap gap-2">
        <input type="hidden" name="next" value={next} />
        {accounts.map(({ role }) => (
          <Button
            key={role}
            type="submit"
            look="quiet"
            name="role"
            value={role}
            aria-disabled={isSending}
          >
            Sign in as {role}
          </Button>
        ))}
      </SubmitForm>
    </section>
  );
}
