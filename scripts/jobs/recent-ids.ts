const DAY_MS = 86_400_000;

/** Remembers ids for 24 hours, as Inngest does: an event sent twice under one id is taken once. */
export function createRecentIds(now: () => number = Date.now, limit = 100_000) {
  const seenAt = new Map<string, number>();
  return {
    /** False when the id was already here. */
    add(id: string): boolean {
      forget();
      if (seenAt.has(id)) return false;
      seenAt.set(id, now());
      return true;
    },
    get size() {
      return seenAt.size;
    },
  };

  // A Map keeps the order of insertion, so the oldest come first.
  function forget() {
    for (const [id, at] of seenAt) {
      if (seenAt.size < limit && now() - at < DAY_MS) return;
      seenAt.delete(id);
    }
  }
}
