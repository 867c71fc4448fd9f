import type { Viewer } from "@/db/viewer.ts";
import { AppError } from "@/lib/errors/app-error.ts";

/**
 * Checks that the viewer is an admin. Row-level security enforces the same rule, but with an empty result
 * or a bare error; this function gives the reason.
 *
 * @throws {AppError} `forbidden`
 */
export function assertAdmin({ role }: Pick<Viewer, "role">): void {
  if (role !== "admin") throw new AppError("forbidden", "Only admins can do this.");
}
