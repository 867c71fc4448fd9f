import type { Sql } from "../server/ports.ts";

/**
 * Sets the origin of the current mutation in its transaction, for the signals of captured tables: the tab that wrote
 * then recognises them. Call it before the first write. `publish` takes the origin as an option instead.
 *
 * @param origin the result of `originOf`; undefined changes nothing
 */
export async function setOrigin(tx: Sql, origin: string | undefined): Promise<void> {
  if (origin === undefined) return;
  await tx`select set_config('querycast.origin', ${origin}, true)`;
}
