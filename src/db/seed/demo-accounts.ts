export interface DemoAccount {
  readonly handle: string;
  readonly email: string;
  readonly role: "reader" | "author" | "admin";
}

/** Shown beside the sign-in form of a seeded site, so not a secret. */
export const demoPassword = "paper-and-ink";

/** One account per role. The other people of the seed cannot sign in. */
export const demoAccounts: readonly DemoAccount[] = [
  { handle: "pim", email: "reader@inkwell.example", role: "reader" },
  { handle: "maren", email: "author@inkwell.example", role: "author" },
  { handle: "odile", email: "admin@inkwell.example", role: "admin" },
];
