import type { FieldErrors } from "@/lib/app-error.ts";

/** The signed-in person, as the page's header shows them. */
export interface Account {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly role: "reader" | "author" | "admin";
}

/** What a form shows after it was refused: why, and what was typed, passwords excepted. */
export interface FormState {
  readonly message: string | null;
  readonly fieldErrors: FieldErrors;
  readonly values: Readonly<Record<string, string>>;
}

export const untouched: FormState = { message: null, fieldErrors: {}, values: {} };
