import { decodeIds, type Ids } from "../../protocol/ids.ts";

/**
 * Parses the stored ids of a row: one object, or a list when the signal stands for several changes. The log validates
 * ids when they are written. Should a row be invalid all the same, it is read as null, "anything on this channel", so
 * that it does not block the rows after it.
 */
export function readIds(text: string | null): readonly Ids[] | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.length > 0 && list.every(isObject) ? list.map((each) => decodeIds(each)) : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Ids {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
