"use server";

import { redirect } from "next/navigation";
import { toLocalPath } from "@/auth/sign-in/local-path.ts";
import { demoAccounts, demoPassword } from "@/db/seed/demo-accounts.ts";
import { env } from "@/lib/env.ts";
import type { ActionResult } from "@/lib/errors/action-result.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { type PageStamp, pageViewerField } from "@/lib/pages/page-viewer.ts";
import { auth } from "@/wiring/auth.ts";
import { runAction, runEntrance } from "@/wiring/routes/run-action.ts";
import type { FormState } from "./schema.ts";

/** Signs in and redirects to the path in the form's `next`. As a plain form it works without JavaScript. */
export async function signInAction(_: FormState, form: FormData): Promise<FormState> {
  return enter(form, (input) => auth().signIn(input));
}

/**
 * Signs in with the demo account of the form's `role`, and redirects like {@link signInAction}. Refused when demo
 * accounts are disabled.
 */
export async function signInAsDemoAction(_: FormState, form: FormData): Promise<FormState> {
  return enter(form, async ({ role }) => {
    const account = env().demoAccounts
      ? demoAccounts.find((each) => each.role === role)
      : undefined;
    if (account === undefined) {
      throw new AppError("unauthenticated", "This demo account does not exist.");
    }
    await auth().signIn({ email: account.email, password: demoPassword });
  });
}

/** Creates an account and signs in. */
export async function signUpAction(_: FormState, form: FormData): Promise<FormState> {
  return enter(form, (input) => auth().signUp(input));
}

/** Changes the password. A result without a message means success. The form names the account of its page. */
export async function changePasswordAction(_: FormState, form: FormData): Promise<FormState> {
  const { [pageViewerField]: madeFor = null, ...input } = textsOf(form);
  const result = await runAction({ madeFor }, () => auth().changePassword(input));
  if (result.ok) return { message: null, fieldErrors: {}, values: {} };
  return { message: result.message, fieldErrors: result.fieldErrors, values: {} };
}

/** Signs out and redirects to the home page. It returns only when it is refused. */
export async function signOutAction(stamp: PageStamp): Promise<ActionResult<void>> {
  const result = await runAction(stamp, () => auth().signOut());
  if (!result.ok) return result;
  redirect("/");
}

async function enter(
  form: FormData,
  work: (input: Record<string, string>) => Promise<void>,
): Promise<FormState> {
  const { next, ...input } = textsOf(form);
  const result = await runEntrance(() => work(input));
  if (result.ok) redirect(toLocalPath(next, env().auth.url));
  const { password: _password, ...values } = input;
  return { message: result.message, fieldErrors: result.fieldErrors, values };
}

/** The text fields of a form, without those that Next adds, which start with a dollar sign. */
function textsOf(form: FormData): Record<string, string> {
  const entries = [...form.entries()].filter(
    (entry): entry is [string, string] => typeof entry[1] === "string" && !entry[0].startsWith("$"),
  );
  return Object.fromEntries(entries);
}
