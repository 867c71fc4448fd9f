import type { Viewer } from "@/db/viewer.ts";
import { AppError } from "@/lib/app-error.ts";

/**
 * Row-level security refuses everybody else anyway, by silence or a bare error; this says why.
 *
 * @throws {AppError} `forbidden`
 */
export function assertAdmin({ role }: Pick<Viewer, "role">): void {
  if (role !== "admin") throw new AppError("forbidden", "Only admins may do that.");
}
