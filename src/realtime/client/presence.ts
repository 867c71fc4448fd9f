import type { Clock } from "./clock.ts";
import type { Environment } from "./environment.ts";

/** A tab hidden for less has not slept: its socket was read all the while. */
const sleepMs = 10_000;
/** How often a page that is looked at finds out whether time has jumped. */
const beatMs = 10_000;

export interface PresenceOptions {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly onOffline: () => void;
  readonly onOnline: () => void;
  /** The page is looked at, and maybe was before. */
  readonly onVisible: () => void;
  /** The page may have been asleep, or put aside, until now. */
  readonly onWake: () => void;
}

/** Watches whether the page has a network, is looked at, and has slept. Returns what ends it. */
export function watchPresence(options: PresenceOptions): () => void {
  const { environment, clock, onWake } = options;
  let hiddenAtMs = environment.isVisible() ? undefined : clock.now();
  let cancelBeat = () => {};
  /** Nothing tells of a computer that slept while the page was looked at, but a timer that is late. */
  const beat = () => {
    cancelBeat();
    if (hiddenAtMs !== undefined) return;
    const dueMs = clock.now() + beatMs;
    cancelBeat = clock.after(beatMs, () => {
      if (clock.now() - dueMs >= sleepMs) onWake();
      beat();
    });
  };
  const stopListening = environment.listen((mayHaveSlept) => {
    if (!environment.isOnline()) return options.onOffline();
    options.onOnline();
    const sleptMs = hiddenAtMs === undefined ? 0 : clock.now() - hiddenAtMs;
    const isVisible = environment.isVisible();
    hiddenAtMs = isVisible ? undefined : (hiddenAtMs ?? clock.now());
    beat();
    if (isVisible) options.onVisible();
    if (mayHaveSlept || (isVisible && sleptMs >= sleepMs)) onWake();
  });
  beat();
  return () => {
    cancelBeat();
    stopListening();
  };
}
