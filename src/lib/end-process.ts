export interface EndProcessOptions {
  /** Stops background work. Called at the signal. */
  readonly stopBackground: () => Promise<unknown>;
  /** Closes what requests need. Called after the grace period. */
  readonly closePools: () => Promise<unknown>;
  /** How long open requests may take after the signal. Default 3,000. */
  readonly graceMs?: number;
  /** How long the pools may take. Default 500. */
  readonly closeMs?: number;
  /** Default `process.exit`. */
  readonly exit?: (code: number) => void;
}

const exitCodes = { SIGTERM: 143, SIGINT: 130 } as const;

/**
 * Creates the shutdown of a process. Next accepts no new connection and exits after the last response; a
 * request that never ends (a reader that stalls, an endless upload) would block that, so it is cut off
 * after `graceMs`.
 *
 * Cutting off is safe: uncommitted changes were not confirmed to any client, and signals that were relayed
 * but not marked are relayed again.
 */
export function createEndProcess(options: EndProcessOptions) {
  const { stopBackground, closePools, graceMs = 3_000, closeMs = 500 } = options;
  const { exit = (code) => process.exit(code) } = options;
  let ending = false;
  return (signal: keyof typeof exitCodes): void => {
    if (ending) return;
    ending = true;
    const stopped = stopBackground().catch(() => {});
    const end = () => exit(exitCodes[signal]);
    // Not unref'd: a process that is otherwise idle waits for this as well.
    setTimeout(() => {
      setTimeout(end, closeMs);
      void stopped
        .then(closePools)
        .catch(() => {})
        .then(end);
    }, graceMs);
  };
}
