/** Resolves as `work` does, or with `late` after `limitMs`. Does not cancel `work`. */
export function within<Result, Late>(
  limitMs: number,
  work: Promise<Result>,
  late: Late,
): Promise<Result | Late> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<Late>((resolve) => {
    timer = setTimeout(resolve, limitMs, late);
  });
  return Promise.race([work, deadline]).finally(() => clearTimeout(timer));
}
