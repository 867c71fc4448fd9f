import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PartError } from "./part-error.ts";
import { ROOT } from "./settings.ts";

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

/** Of the project. */
export const soketiConfigFile = join(ROOT, "soketi.json");

/**
 * The settings in the file, and the app to connect with.
 *
 * @throws PartError when it names none.
 */
export function readSoketiConfig(file: string): { config: SoketiConfig; app: SoketiApp } {
  try {
    const config = JSON.parse(readFileSync(file, "utf8")) as SoketiConfig;
    const app = config["appManager.array.apps"]?.[0];
    if (app?.id && app.key && app.secret) return { config, app };
    throw new Error("it names no app");
  } catch (cause) {
    throw new PartError(`${file} cannot be used: ${(cause as Error).message}.`, {
      code: "start-failed",
      wayOut: `It needs "appManager.array.apps" with id, key and secret (dotted keys, not nested ones).`,
      cause,
    });
  }
}

/** Soketi takes its settings from a file, which is to stay for as long as it may start again. */
export function keepSoketiConfig(config: SoketiConfig): { file: string; forget: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "querycast-soketi-"));
  const file = join(folder, "soketi.json");
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return { file, forget: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Gives every app the same settings, beside those it has. */
export const eachApp =
  (settings: Readonly<Record<string, unknown>>) =>
  (config: SoketiConfig): SoketiConfig => {
    const apps = config["appManager.array.apps"].map((app) => ({ ...app, ...settings }));
    return { ...config, "appManager.array.apps": apps };
  };

/** Has every app tell this address of channels that nobody is on any more. */
export const tellVacancies = (url: string) =>
  eachApp({ webhooks: [{ url, event_types: ["channel_vacated"] }] });
