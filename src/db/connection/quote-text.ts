/** Any text as a constant of SQL. `E''` reads backslashes in the same way under every server setting. */
export function quoteText(text: string): string {
  return `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
