import { z } from "zod";
import { typedText } from "@/lib/text/typed-text.ts";

/** Normalizes an e-mail, so that it has one spelling. */
export const emailSchema = typedText("Enter your e-mail address.")
  .trim()
  .toLowerCase()
  .max(254, { error: "An e-mail address has at most 254 characters." })
  .pipe(z.email({ error: "Enter a valid e-mail address." }));

const maxPasswordLength = 200;

export const signUpSchema = z.object({
  handle: typedText("Choose a handle.")
    .trim()
    .toLowerCase()
    .regex(/^[a-z0-9][a-z0-9_-]{1,29}$/, {
      error: "A handle has 2 to 30 letters, digits, - or _, and starts with a letter or digit.",
    }),
  name: typedText("Enter your name.")
    .trim()
    .min(1, { error: "Enter your name." })
    .max(60, { error: "A name has at most 60 characters." }),
  email: emailSchema,
  password: typedText("Choose a password.")
    .min(10, { error: "A password has at least 10 characters." })
    .max(maxPasswordLength, { error: "A password has at most 200 characters." }),
});

export const signInSchema = z.object({
  email: emailSchema,
  password: typedText("Enter your password.")
    .min(1, { error: "Enter your password." })
    .max(maxPasswordLength, { error: "A password has at most 200 characters." }),
});
