import { useEffect, useState } from "react";

/** Shorter states are not announced. */
const settleMs = 2_000;

/**
 * The announcement of the state for screen readers: none while it changes, none for the first time that a
 * page becomes live, and each state that lasts for 2 s once.
 */
export function useStateAnnouncement(name: string, isMoving: boolean, isLive: boolean): string {
  const [announced, announce] = useState("");
  useEffect(() => {
    if (isMoving) return;
    const timer = setTimeout(
      () => announce((before) => (isLive && before === "" ? "" : `Connection: ${name}`)),
      settleMs,
    );
    return () => clearTimeout(timer);
  }, [name, isMoving, isLive]);
  return announced;
}
