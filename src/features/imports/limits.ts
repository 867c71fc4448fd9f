/** Of one import. The bytes fit into the body of a server action. */
export const importLimits = { files: 20, bytes: 800_000, nameLength: 200 } as const;
