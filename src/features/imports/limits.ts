/** Of one import of loose files. The bytes fit into the body of a server action. */
export const importLimits = { files: 20, bytes: 800_000, nameLength: 200 } as const;

/**
 * Of one import of an archive. `archiveBytes` is the size of the file, which fits into the body of a server action;
 * `bytes` is the size of the Markdown files in it. `entries` also counts the files that are left out.
 */
export const archiveLimits = {
  files: 200,
  entries: 5_000,
  archiveBytes: 900_000,
  bytes: 4_000_000,
} as const;

export const markdownName = /\.(md|markdown)$/i;
