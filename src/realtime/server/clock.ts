import type { Clock } from "./ports.ts";

/**
 * The time of this machine, which goes forwards only: a computer clock set back an hour must not make a
 * relay wait for an hour.
 */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
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
