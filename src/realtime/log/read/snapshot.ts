/**
 * A Postgres snapshot, `xmin:xmax:xip,xip,…`: transactions below `xmin` had finished when it was taken, none from
 * `xmax` on, and in between all but those in progress. As a position in the log it is exact: each transaction is
 * either before or after it, however late it commits.
 */
export interface Snapshot {
  readonly xmin: bigint;
  readonly xmax: bigint;
  readonly inProgress: readonly bigint[];
}

const pattern = /^(\d{1,20}):(\d{1,20}):(|\d{1,20}(?:,\d{1,20})*)$/;

/** @returns undefined for a text that Postgres could not have written. */
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

/** Whether a transaction had finished at the snapshot. */
export function isFinished(xid: bigint, { xmin, xmax, inProgress }: Snapshot): boolean {
  return xid < xmin || (xid < xmax && !inProgress.includes(xid));
}

/**
 * Returns the position of a reader at `seen` that has read the rows visible at `now` up to and including transaction
 * `last`. Used for a page that ends in the middle of a backlog.
 */
export function advance(seen: Snapshot, now: Snapshot, last: bigint): Snapshot {
  const xmax = last < seen.xmax ? seen.xmax : last + 1n;
  const unread = seen.inProgress.filter((xid) => xid > last || !isFinished(xid, now));
  const unfinished = now.inProgress.filter((xid) => xid >= seen.xmax && xid < xmax);
  const inProgress = [...unread, ...unfinished];
  return { xmin: inProgress[0] ?? xmax, xmax, inProgress };
}

/**
 * Returns a snapshot with a short text. With more than `longest` transactions in progress it moves back to the oldest
 * of them: some signals are then read twice, none is missed.
 */
export function shorten(snapshot: Snapshot, longest = 24): Snapshot {
  if (snapshot.inProgress.length <= longest) return snapshot;
  return { xmin: snapshot.xmin, xmax: snapshot.xmin, inProgress: [] };
}
