const failures: string[] = [];

export function print(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** One goal: the measured `value` and the limit it must meet. */
export function goal(
  id: string,
  what: string,
  value: number,
  bound: { readonly atLeast: number } | { readonly atMost: number },
  unit = "×",
): void {
  const holds = "atLeast" in bound ? value >= bound.atLeast : value <= bound.atMost;
  const limit = "atLeast" in bound ? `≥ ${bound.atLeast}` : `≤ ${bound.atMost}`;
  if (!holds) failures.push(id);
  print(
    `  ${holds ? "ok  " : "MISS"} ${id.padEnd(5)} ${what}: ${format(value)}${unit} (goal ${limit}${unit})`,
  );
}

export function format(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(value < 1 ? 3 : 2);
}

/** Ends a bench. The exit code is 1 when a goal was missed. */
export function finish(): void {
  print(failures.length === 0 ? "All goals met." : `Missed: ${failures.join(", ")}.`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}
