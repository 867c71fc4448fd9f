export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** One parameter of a page's address; `null` when it is missing or there twice. */
export async function readParam(searchParams: SearchParams, name: string): Promise<string | null> {
  const value = (await searchParams)[name];
  return typeof value === "string" && value !== "" ? value : null;
}
