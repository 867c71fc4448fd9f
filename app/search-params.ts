import { isCursor } from "@/lib/page-cursor.ts";

export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** One parameter of a page's address; `null` when it is missing or there twice. */
export async function readParam(searchParams: SearchParams, name: string): Promise<string | null> {
  const value = (await searchParams)[name];
  return typeof value === "string" && value !== "" ? value : null;
}

/** All parameters that are there once and are not empty. */
export async function readParams(searchParams: SearchParams): Promise<Record<string, string>> {
  const given = Object.entries(await searchParams);
  return Object.fromEntries(
    given.filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "",
    ),
  );
}

/** Where in a list an address points to; its beginning when the address is none of ours. */
export async function readAfter(searchParams: SearchParams): Promise<string | null> {
  const after = await readParam(searchParams, "after");
  return after !== null && isCursor(after) ? after : null;
}
