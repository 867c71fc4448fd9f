export const analystKeys = {
  answers: (publicationId: string) => ["analyst-answers", publicationId] as const,
};
