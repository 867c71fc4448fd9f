import type { Clock } from "./ports.ts";

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Rejects when `work` takes longer. What `work` still does then is the caller's to end. */
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
