export const personKeys = {
  card: (userId: string) => ["user", userId] as const,
};
