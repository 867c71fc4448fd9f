import { AppError } from "@/lib/app-error.ts";
import { whyTrivial } from "./trivial-password.ts";

/**
 * Refuses a password that is among the first a guesser tries.
 *
 * @param own what others know of the person
 * @param field of the form, where the reason is shown
 * @throws {AppError} `invalid_input`
 */
export async function refuseTrivial(
  password: string,
  own: readonly string[],
  field: string,
): Promise<void> {
  const why = await whyTrivial(password, own);
  if (why === null) return;
  const message = `${why} Choose another password, for example three unrelated words.`;
  throw new AppError("invalid_input", message, { fieldErrors: { [field]: [message] } });
}
