import { eq } from "drizzle-orm";
import { AppError } from "@/lib/errors/app-error.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import { articles, gists } from "../schema.ts";
import type { Transaction } from "../viewer.ts";

/**
 * Checks that the viewer of the transaction can read a page.
 *
 * @throws {AppError} `not_found` when the page does not exist or the viewer has no access; both look the
 * same.
 */
export async function assertReadable(tx: Transaction, ref: ResourceRef): Promise<void> {
  const page = ref.resourceType === "article" ? articles : gists;
  const [row] = await tx.select({ id: page.id }).from(page).where(eq(page.id, ref.resourceId));
  if (row === undefined) throw notReadable();
}

/** The error for a page that does not exist, or that the viewer may not read. */
export const notReadable = (cause?: unknown): AppError =>
  new AppError("not_found", "This page does not exist, or you have no access to it.", { cause });
