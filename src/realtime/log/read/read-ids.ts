import { decodeIds, type Ids } from "../../protocol/ids.ts";

/**
 * Parses the stored ids of a row. The log validates ids when they are written. Should a row be invalid all the same,
 * it is read as null, "anything on this channel", so that it does not block the rows after it.
 */
export function readIds(text: string | null): Ids | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? decodeIds(value as Ids) : null;
  } catch {
    return null;
  }
}
