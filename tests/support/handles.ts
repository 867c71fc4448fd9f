// biome-ignore-all lint/style/noProcessEnv: Playwright's setup and its workers share only the environment

/** Data that the setup of the browser tests passes to the tests. */
export interface Handles {
  /** URL of the site. */
  readonly site: string;
  readonly switchboard: string;
  /** Connects to the site's database as its owner. */
  readonly ownerUrl: string;
  /** Environment of the site, to start another process of it. */
  readonly variables: Readonly<Record<string, string>>;
  /** Values by variable that must not leave the server. */
  readonly secrets: Readonly<Record<string, string>>;
}

const NAME = "INKWELL_E2E";

/** The handles, or the reason why the site did not start. */
export function hand(over: Handles | { readonly skip: string }): void {
  process.env[NAME] = JSON.stringify(over);
}

export function handed(): Handles | { readonly skip: string } {
  return JSON.parse(process.env[NAME] ?? '{"skip":"The set-up did not run."}');
}

/** @throws when the site did not start. */
export function handles(): Handles {
  const over = handed();
  if ("skip" in over) throw new Error(over.skip);
  return over;
}

export const isCi = Boolean(process.env.CI);
export const chromiumPath = process.env.CHROMIUM_PATH || "/usr/bin/chromium";
/** A name of the site that browsers do not trust as they trust localhost. */
export const lanHost = "inkwell.lan";
export const searchPath = process.env.PATH ?? "";
