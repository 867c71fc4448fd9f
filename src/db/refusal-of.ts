const codes = {
  "23001": "restrict_violation",
  "23503": "foreign_key_violation",
  "23505": "unique_violation",
  "23514": "check_violation",
  "42501": "insufficient_privilege",
} as const;

/** The condition with which Postgres refused a statement, by its SQLSTATE; `null` for any other error. */
export function refusalOf(error: unknown): (typeof codes)[keyof typeof codes] | null {
  const { cause } = error as { readonly cause?: { readonly code?: string } };
  return codes[(cause?.code ?? "") as keyof typeof codes] ?? null;
}
