import type { Clock } from "../protocol/clock.ts";

/** Rejects when `work` takes longer than `limitMs`. Does not cancel `work`: that is up to the caller. */
export function within<Result>(
  clock: Clock,
  limitMs: number,
  what: string,
  work: PromiseLike<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(limitMs, () =>
      reject(new Error(`${what} did not answer in ${limitMs} ms.`)),
    );
    work.then(
      (result) => {
        cancel();
        resolve(result);
      },
      (error: unknown) => {
        cancel();
        reject(error);
      },
    );
  });
}
