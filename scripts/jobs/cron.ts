const ranges = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/**
 * Parses "minute hour day month weekday" with `*`, lists, ranges and steps, in UTC, Inngest's default zone.
 * Returns a predicate: whether a time matches the schedule.
 *
 * @throws on any other syntax, such as month names and time zones.
 */
export function parseCron(expression: string): (moment: Date) => boolean {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== ranges.length) throw unreadable(expression);
  const [minutes, hours, days, months, weekdays] = fields.map((field, index) => {
    const [low, high] = ranges[index] ?? [0, 0];
    return parseField(field, low, high, expression);
  }) as [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>];
  // As in cron: when day and weekday are both restricted, one match is enough.
  const either = fields[2] !== "*" && fields[4] !== "*";
  return (moment) => {
    const weekday = moment.getUTCDay();
    const onDay = days.has(moment.getUTCDate());
    const onWeekday = weekdays.has(weekday) || (weekday === 0 && weekdays.has(7));
    return (
      minutes.has(moment.getUTCMinutes()) &&
      hours.has(moment.getUTCHours()) &&
      months.has(moment.getUTCMonth() + 1) &&
      (either ? onDay || onWeekday : onDay && onWeekday)
    );
  };
}

function parseField(field: string, low: number, high: number, expression: string): Set<number> {
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (!match) throw unreadable(expression);
    const [, from, to, step] = match;
    const start = from === undefined ? low : Number(from);
    const lastWhenOpen = from === undefined || step !== undefined ? high : start;
    const end = to === undefined ? lastWhenOpen : Number(to);
    if (start < low || end > high || start > end || Number(step) === 0)
      throw unreadable(expression);
    for (let value = start; value <= end; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}

function unreadable(expression: string): Error {
  return new Error(`The in-process runner cannot read the schedule "${expression}".`);
}
