"use server";

import { redirect } from "next/navigation";
import { toLocalPath } from "@/auth/local-path.ts";
import { signInErrorCodes } from "@/auth/sign-in-error.ts";
import { demoAccounts, demoPassword } from "@/db/seed/demo-accounts.ts";
import type { ActionResult } from "@/lib/action-result.ts";
import { AppError } from "@/lib/app-error.ts";
import { env } from "@/lib/env.ts";
import { type PageStamp, pageViewerField } from "@/lib/page-viewer.ts";
import { auth } from "@/wiring/auth.ts";
import { runAction, runEntrance } from "@/wiring/run-action.ts";
import type { FormState } from "./schema.ts";

/** Signs in and goes where the form's `next` says. Works without JavaScript, as a plain form. */
export async function signInAction(_: FormState, form: FormData): Promise<FormState> {
  return enter(form, (input) => auth().signIn(input));
}

/**
 * Signs in with the demo account of the form's `role`. Refused where the demo accounts are not offered; a
 * changed password or a limit of attempts is shown on the sign-in page.
 */
export async function signInAsDemoAction(form: FormData): Promise<void> {
  const { role, next } = textsOf(form);
  const account = env().demoAccounts ? demoAccounts.find((each) => each.role === role) : undefined;
  const result = await runEntrance(async () => {
    if (account === undefined)
      throw new AppError("unauthenticated", "This demo account does not exist.");
    await auth().signIn({ email: account.email, password: demoPassword });
  });
  const back = new URLSearchParams({ next: next ?? "/", error: "failed" });
  if (!result.ok) back.set("error", signInErrorCodes[result.code] ?? "failed");
  redirect(result.ok ? toLocalPath(next, env().auth.url) : `/sign-in?${back}`);
}

/** Makes an account and signs in with it. */
export async function signUpAction(_: FormState, form: FormData): Promise<FormState> {
  return enter(form, (input) => auth().signUp(input));
}

/** Changes the password. Without a message it worked. The form names the account of its page. */
export async function changePasswordAction(_: FormState, form: FormData): Promise<FormState> {
  const { [pageViewerField]: madeFor = null, ...input } = textsOf(form);
  const result = await runAction({ madeFor }, () => auth().changePassword(input));
  if (result.ok) return { message: null, fieldErrors: {}, values: {} };
  return { message: result.message, fieldErrors: result.fieldErrors, values: {} };
}

/** Signs out and goes to the front page; answers only when it is refused. */
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

/** The text fields of a form; Next adds some of its own, which start with a dollar sign. */
function textsOf(form: FormData): Record<string, string> {
  const entries = [...form.entries()].filter(
    (entry): entry is [string, string] => typeof entry[1] === "string" && !entry[0].startsWith("$"),
  );
  return Object.fromEntries(entries);
}
