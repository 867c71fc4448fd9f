import { decodeIds, type Ids } from "../protocol/ids.ts";

/**
 * Ids as the log keeps them. The log checks what it stores; should a row have got past that, it means
 * "anything on this channel", and its neighbours are read all the same.
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
