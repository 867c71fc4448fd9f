import { signInAction } from "../actions.ts";
import { AccountForm, type Field } from "./account-form.tsx";

const fields: readonly Field[] = [
  { name: "email", label: "E-mail", type: "email", autoComplete: "email" },
  { name: "password", label: "Password", type: "password", autoComplete: "current-password" },
];

export function SignInForm({ next }: { next: string }) {
  return <AccountForm fields={fields} submitLabel="Sign in" action={signInAction} next={next} />;
}
