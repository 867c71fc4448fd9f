import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PartError } from "../part-error.ts";
import { ROOT } from "../settings.ts";

export interface SoketiApp {
  readonly id: string;
  readonly key: string;
  readonly secret: string;
  readonly [setting: string]: unknown;
}

/** Settings of Soketi by their dotted names, as in soketi.json. */
export interface SoketiConfig {
  readonly "appManager.array.apps": readonly SoketiApp[];
  readonly [setting: string]: unknown;
}

/** The project's configuration of Soketi. */
export const soketiConfigFile = join(ROOT, "soketi.json");

/**
 * Reads the settings, and the app to connect with.
 *
 * @throws PartError when the file contains no app.
 */
export function readSoketiConfig(file: string): { config: SoketiConfig; app: SoketiApp } {
  try {
    const config = JSON.parse(readFileSync(file, "utf8")) as SoketiConfig;
    const app = config["appManager.array.apps"]?.[0];
    if (app?.id && app.key && app.secret) return { config, app };
    throw new Error("it contains no app");
  } catch (cause) {
    throw new PartError(`${file} cannot be used: ${(cause as Error).message}.`, {
      code: "start-failed",
      wayOut: `It needs "appManager.array.apps" with id, key and secret (dotted keys, not nested ones).`,
      cause,
    });
  }
}

/** Writes the settings to a file. Call `forget` when Soketi will not be restarted any more. */
export function keepSoketiConfig(config: SoketiConfig): { file: string; forget: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "querycast-soketi-"));
  const file = join(folder, "soketi.json");
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return { file, forget: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Adds the same settings to every app. */
export const eachApp =
  (settings: Readonly<Record<string, unknown>>) =>
  (config: SoketiConfig): SoketiConfig => {
    const apps = config["appManager.array.apps"].map((app) => ({ ...app, ...settings }));
    return { ...config, "appManager.array.apps": apps };
  };

/** Makes every app send a webhook to this URL when the last subscriber of a channel has left. */
export const sendVacatedWebhooks = (url: string) =>
  eachApp({ webhooks: [{ url, event_types: ["channel_vacated"] }] });
