/**
 * Calls `work` for each id in turn. One that fails does not keep the others from being done.
 *
 * @param what the rows in the error message, e.g. "articles were not removed"
 * @returns the results
 * @throws {Error} after all calls when some failed, with the first error as its cause
 */
export async function doEach<Result>(
  ids: readonly string[],
  what: string,
  work: (id: string) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const errors: unknown[] = [];
  for (const id of ids) {
    try {
      results.push(await work(id));
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 0) return results;
  throw new Error(`${errors.length} of ${ids.length} ${what}.`, { cause: errors[0] });
}
