/** Long enough to finish a word, short enough to lose none. */
const pauseMs = 1_200;
/** Maximum delay while typing without a pause. */
const longestWaitMs = 10_000;
const firstRetryMs = 3_000;
const longestRetryMs = 60_000;

/** Decides when a text is saved automatically. */
export interface SaveSchedule {
  /** Saves after a pause in typing, or while typing when there is none. */
  changed(): void;
  /** Saves again after a delay that grows with each failure. */
  failed(): void;
  succeeded(): void;
  cancel(): void;
}

/** @param isEnabled Whether to save automatically now. */
export function createSaveSchedule(
  isEnabled: () => boolean,
  save: () => Promise<unknown>,
): SaveSchedule {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let changedAtMs: number | null = null;
  let failures = 0;
  const plan = (delayMs: number) => {
    clearTimeout(timer);
    if (isEnabled()) timer = setTimeout(save, delayMs);
  };
  return {
    changed: () => {
      changedAtMs ??= Date.now();
      plan(Math.max(0, Math.min(pauseMs, changedAtMs + longestWaitMs - Date.now())));
    },
    failed: () => {
      plan(Math.min(longestRetryMs, firstRetryMs * 2 ** failures));
      failures += 1;
    },
    succeeded: () => {
      failures = 0;
    },
    cancel: () => {
      clearTimeout(timer);
      changedAtMs = null;
    },
  };
}
