/**
 * The moment of an input `datetime-local`, which is in the time zone of the browser, as ISO 8601. The text itself when it
 * is none: the input accepts the year 12026, and the server refuses it with a message.
 */
export function isoOfLocal(local: string): string {
  const time = new Date(local);
  return Number.isNaN(time.getTime()) ? local : time.toISOString();
}
