import { z } from "zod";
import { typedText } from "@/lib/text/typed-text.ts";

/** Without a colon, since the broker's signatures have the form `key:signature`. */
const name = (what: string) =>
  typedText()
    .trim()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, {
      error: `${what} is 1 to 64 letters, digits, "-" or "_". Copy it from the broker.`,
    });

export const addAppInput = z.object({
  id: name("An app’s id"),
  key: name("A key"),
  secret: typedText()
    .trim()
    .min(8, { error: "A secret has at least 8 characters. Copy it from the broker." })
    .max(200, { error: "A secret has at most 200 characters. Copy it from the broker." }),
});
export type AddAppInput = z.infer<typeof addAppInput>;

export const appInput = z.object({ id: typedText().min(1).max(64) });
export type AppInput = z.infer<typeof appInput>;

export type AppStatus = "current" | "accepted" | "retired";

/** An app at the broker, without its secret. */
export interface BrokerAppView {
  readonly id: string;
  readonly key: string;
  readonly status: AppStatus;
  /** Whether it is the app of the environment. */
  readonly isStart: boolean;
  /** Start of this state, as ISO 8601; null: since the site started. */
  readonly since: string | null;
}

/**
 * An app has to be served this long before it can be current: longer than any server caches the list, so
 * that each publishes to the new app before pages use it.
 */
export const servedForMs = 3_000;
