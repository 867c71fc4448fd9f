import { AppError } from "@/lib/errors/app-error.ts";
import { whyTrivial } from "./trivial-password.ts";

/**
 * Refuses a password that is easy to guess.
 *
 * @param own name, handle and e-mail of the person
 * @param field form field that shows the reason
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
