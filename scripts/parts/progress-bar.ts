const width = 30;

/** `[##########--------------------]  33% 100 of 300` */
export function progressLine(done: number, total: number): string {
  const share = total === 0 ? 1 : done / total;
  const filled = Math.round(share * width);
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `[${"#".repeat(filled)}${"-".repeat(width - filled)}] ${percent}% ${done} of ${total}`;
}

/**
 * A progress bar on one line of a terminal. Elsewhere, as in a log file, one line for each tenth.
 *
 * @returns Shows the progress; at the end of the work it ends the line.
 */
export function createProgressBar(
  out: Pick<NodeJS.WriteStream, "isTTY" | "write">,
): (done: number, total: number) => void {
  let tenth = -1;
  return (done, total) => {
    const isEnd = done >= total;
    if (out.isTTY) {
      out.write(`\r${progressLine(done, total)}${isEnd ? "\n" : ""}`);
      return;
    }
    const now = total === 0 ? 10 : Math.floor((done / total) * 10);
    if (now === tenth) return;
    tenth = now;
    out.write(`${progressLine(done, total)}\n`);
  };
}
