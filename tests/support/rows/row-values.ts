import { createHash } from "node:crypto";

/** The id of the named row: tests use "ann's draft", never a UUID. */
export function idOf(label: string): string {
  const hex = createHash("md5").update(label).digest("hex");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}

export const daysFromNow = (days: number): Date => new Date(Date.now() + days * 86_400_000);
