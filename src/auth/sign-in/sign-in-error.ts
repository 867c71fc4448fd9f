import { z } from "zod";
import { AppError, type AppErrorCode } from "@/lib/errors/app-error.ts";

/** Values of `?error=` on the sign-in page. */
export type SignInErrorCode =
  | "credentials"
  | "rate-limited"
  | "account-exists"
  | "banned"
  | "failed";

const messages: Record<SignInErrorCode, string> = {
  credentials: "E-mail and password do not match an account.",
  "rate-limited": "Too many attempts. Wait a few minutes and try again.",
  "account-exists": "An account with this e-mail exists. Sign in with its password.",
  banned: "An admin banned this account.",
  failed: "Sign-in failed. Try again in a moment.",
};

/** The message for a value of `?error=`; any unknown value gets the general one. */
export function signInErrorMessage(code: string): string {
  return Object.hasOwn(messages, code) ? messages[code as SignInErrorCode] : messages.failed;
}

/** The value of `?error=` for an error code; `failed` for codes that are not listed. */
const signInErrorCodes: Partial<Record<AppErrorCode, SignInErrorCode>> = {
  unauthenticated: "credentials",
  invalid_input: "credentials",
  too_many_requests: "rate-limited",
  conflict: "account-exists",
  forbidden: "banned",
};

export function toSignInErrorCode(error: unknown): SignInErrorCode {
  if (error instanceof z.ZodError) return "credentials";
  return (error instanceof AppError && signInErrorCodes[error.code]) || "failed";
}
