export interface EndProcessOptions {
  /** Ends what runs beside answering requests; called at the signal. */
  readonly stopBackground: () => Promise<unknown>;
  /** Ends what requests need; called when there is no more time for them. */
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
 * What a process does at a signal. Next itself takes no new connection, and ends the process when the
 * last request is answered; one that never is (a reader that stalls, a tab that uploads for ever) would
 * keep it, so after `graceMs` it is not waited for.
 *
 * Whatever is cut off here is safe: what was not committed was not promised to anyone, and what was
 * relayed and not noted is relayed again.
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
    // Without unref: a process that has nothing else left to do waits for this as well.
    setTimeout(() => {
      setTimeout(end, closeMs);
      void stopped
        .then(closePools)
        .catch(() => {})
        .then(end);
    }, graceMs);
  };
}
