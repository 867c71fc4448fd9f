export const importKeys = { one: (importId: string) => ["import", importId] as const };
