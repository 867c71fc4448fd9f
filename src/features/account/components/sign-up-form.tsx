import { signUpAction } from "../actions.ts";
import { AccountForm, type Field } from "./account-form.tsx";

const fields: readonly Field[] = [
  { name: "name", label: "Name", type: "text", autoComplete: "name" },
  {
    name: "handle",
    label: "Handle",
    type: "text",
    autoComplete: "username",
    hint: "Used in the URL of your page: letters, digits, - and _.",
  },
  { name: "email", label: "E-mail", type: "email", autoComplete: "email", hint: "Never shown." },
  {
    name: "password",
    label: "Password",
    type: "password",
    autoComplete: "new-password",
    hint: "At least 10 characters. A sentence works well.",
  },
];

export function SignUpForm({ next }: { next: string }) {
  return (
    <AccountForm fields={fields} submitLabel="Create account" action={signUpAction} next={next} />
  );
}
