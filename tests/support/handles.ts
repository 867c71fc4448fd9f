// biome-ignore-all lint/style/noProcessEnv: Playwright's set-up and its workers share nothing but the environment

/** What the set-up of the browser tests hands to the tests. */
export interface Handles {
  /** Address of the site. */
  readonly site: string;
  readonly switchboard: string;
  /** Connects to the site's database as its owner. */
  readonly ownerUrl: string;
  /** What the site runs with, for another process of it. */
  readonly variables: Readonly<Record<string, string>>;
  /** By variable, each of which must stay on the server. */
  readonly secrets: Readonly<Record<string, string>>;
}

const NAME = "INKWELL_E2E";

/** Handles, or the reason why there is no site to test. */
export function hand(over: Handles | { readonly skip: string }): void {
  process.env[NAME] = JSON.stringify(over);
}

export function handed(): Handles | { readonly skip: string } {
  return JSON.parse(process.env[NAME] ?? '{"skip":"The set-up did not run."}');
}

/** @throws when there is no site to test. */
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
