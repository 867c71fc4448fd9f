/**
 * Wraps a callback that only observes. What it throws, or rejects with, does not disturb the work that it observes.
 *
 * @param failed receives the error. Default: it is printed, as the callback is where the application reads errors
 */
export function observer<Args extends readonly unknown[]>(
  callback: ((...args: Args) => unknown) | undefined,
  // biome-ignore lint/suspicious/noConsole: see above
  failed: (error: unknown) => void = console.error,
): (...args: Args) => void {
  return async (...args) => {
    try {
      await callback?.(...args);
    } catch (error) {
      failed(error);
    }
  };
}
