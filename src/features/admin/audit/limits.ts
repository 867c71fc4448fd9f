/** Maximum entries per exported file, which fits a spreadsheet and the memory of a server. */
export const exportedEntries = 50_000;
