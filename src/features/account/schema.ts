import type { FieldErrors } from "@/lib/errors/app-error.ts";

/** The signed-in account for the page header. */
export interface Account {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly role: "reader" | "author" | "admin";
}

/** State of a form after a refusal: the error, and the values without passwords. */
export interface FormState {
  readonly message: string | null;
  readonly fieldErrors: FieldErrors;
  readonly values: Readonly<Record<string, string>>;
}

export const untouched: FormState = { message: null, fieldErrors: {}, values: {} };
