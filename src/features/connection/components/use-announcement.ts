import { useEffect, useState } from "react";

/** A change that is over sooner is not announced. */
const settleMs = 2_000;

/**
 * What a screen reader is to announce of the state: nothing while it changes, nothing for the first time
 * that a page becomes live, and each state that lasts for 2 s once.
 */
export function useAnnouncement(name: string, isMoving: boolean, isLive: boolean): string {
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
