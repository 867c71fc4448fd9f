import { z } from "zod";
import { typedText } from "@/lib/typed-text.ts";

/** No colon: the broker's signatures are written `key:signature`. */
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

/** An app at the broker as admins see it: its secret is never shown again. */
export interface BrokerAppView {
  readonly id: string;
  readonly key: string;
  readonly status: AppStatus;
  /** The one that the environment names. */
  readonly isStart: boolean;
  /** Since when it has this state, as ISO 8601; null: since the site runs. */
  readonly since: string | null;
}

/**
 * How long an app is served before it can be the current one: longer than any server goes without looking,
 * or one would publish past those who have moved.
 */
export const servedForMs = 3_000;
