import type { Clock } from "../../protocol/clock.ts";
import type { Environment } from "../environment.ts";

/** A tab that was hidden for less counts as awake: browsers keep reading its socket. */
const sleepMs = 10_000;
/** How often a visible page checks whether the clock has jumped. */
const beatMs = 10_000;
/** The clock of a computer that slept may also have been set back. */
const hasSlept = (ms: number) => Math.abs(ms) >= sleepMs;

export interface PresenceOptions {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly onOffline: () => void;
  readonly onOnline: () => void;
  /** The page is visible. Also called when it was visible before. */
  readonly onVisible: () => void;
  /** The page may have been asleep or in the back/forward cache until now. */
  readonly onWake: () => void;
}

/** Watches network, visibility and sleep of the page. Returns a function that stops it. */
export function watchPresence(options: PresenceOptions): () => void {
  const { environment, clock, onWake } = options;
  let hiddenAtMs = environment.isVisible() ? undefined : clock.now();
  let cancelBeat = () => {};
  /** Browsers fire no event after the computer slept while the page was visible: a late timer shows it. */
  const beat = () => {
    cancelBeat();
    if (hiddenAtMs !== undefined) return;
    const dueMs = clock.now() + beatMs;
    cancelBeat = clock.after(beatMs, () => {
      if (hasSlept(clock.now() - dueMs)) onWake();
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
    if (mayHaveSlept || (isVisible && hasSlept(sleptMs))) onWake();
  });
  beat();
  return () => {
    cancelBeat();
    stopListening();
  };
}
