const DAY_MS = 86_400_000;

/** Remembers event ids for 24 hours, to deduplicate events as Inngest does. */
export function createRecentIds(now: () => number = Date.now, limit = 100_000) {
  const seenAt = new Map<string, number>();
  return {
    /** False when the id is already known. */
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

  // A Map keeps the order of insertion: the oldest ids come first.
  function forget() {
    for (const [id, at] of seenAt) {
      if (seenAt.size < limit && now() - at < DAY_MS) return;
      seenAt.delete(id);
    }
  }
}
