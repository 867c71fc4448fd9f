import { isCursor } from "@/lib/page-cursor.ts";

export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** One parameter of a page's address; `null` when it is missing or there twice. */
export async function readParam(searchParams: SearchParams, name: string): Promise<string | null> {
  const value = (await searchParams)[name];
  return typeof value === "string" && value !== "" ? value : null;
}

/** Where in a list an address points to; its beginning when the address is none of ours. */
export async function readAfter(searchParams: SearchParams): Promise<string | null> {
  const after = await readParam(searchParams, "after");
  return after !== null && isCursor(after) ? after : null;
}
