/**
 * A Postgres snapshot, `xmin:xmax:xip,xip,…`: the transactions that had finished when it was taken.
 * Everything below `xmin` had, nothing from `xmax` on, and in between all but those in progress. As a
 * place in the log it is exact: a transaction that commits late is on no side twice.
 */
export interface Snapshot {
  readonly xmin: bigint;
  readonly xmax: bigint;
  readonly inProgress: readonly bigint[];
}

const pattern = /^(\d{1,20}):(\d{1,20}):(|\d{1,20}(?:,\d{1,20})*)$/;

/** @returns undefined for anything that is not a snapshot Postgres could have written. */
export function parseSnapshot(text: string): Snapshot | undefined {
  const [, low, high, list] = pattern.exec(text) ?? [];
  if (low === undefined || high === undefined || list === undefined) return undefined;
  const xmin = BigInt(low);
  const xmax = BigInt(high);
  const inProgress = list === "" ? [] : list.split(",").map(BigInt);
  const ordered = inProgress.every(
    (xid, index) =>
      xid >= xmin && xid < xmax && (index === 0 || xid > (inProgress[index - 1] ?? 0n)),
  );
  return xmin > 0n && xmin <= xmax && ordered ? { xmin, xmax, inProgress } : undefined;
}

export function formatSnapshot({ xmin, xmax, inProgress }: Snapshot): string {
  return `${xmin}:${xmax}:${inProgress.join(",")}`;
}

/** Whether a transaction had finished. */
export function isFinished(xid: bigint, { xmin, xmax, inProgress }: Snapshot): boolean {
  return xid < xmin || (xid < xmax && !inProgress.includes(xid));
}

/**
 * Where a reader stands that knew `seen` and has now read, of what `now` adds, everything up to and
 * including transaction `last`. Lets it stop in the middle of a backlog.
 */
export function advance(seen: Snapshot, now: Snapshot, last: bigint): Snapshot {
  const xmax = last < seen.xmax ? seen.xmax : last + 1n;
  const unread = seen.inProgress.filter((xid) => xid > last || !isFinished(xid, now));
  const unfinished = now.inProgress.filter((xid) => xid >= seen.xmax && xid < xmax);
  const inProgress = [...unread, ...unfinished];
  return { xmin: inProgress[0] ?? xmax, xmax, inProgress };
}

/**
 * A place that is short to write down. Behind a long list of transactions in progress it falls back to
 * the oldest of them: some signals are then read a second time, none is missed.
 */
export function shorten(snapshot: Snapshot, longest = 24): Snapshot {
  if (snapshot.inProgress.length <= longest) return snapshot;
  return { xmin: snapshot.xmin, xmax: snapshot.xmin, inProgress: [] };
}
