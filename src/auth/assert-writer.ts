import type { Viewer } from "@/db/viewer.ts";
import { AppError } from "@/lib/errors/app-error.ts";

/**
 * Checks that the viewer is an author. The policies would refuse without a reason.
 *
 * @throws {AppError} `forbidden`
 */
export function assertWriter({ role }: Pick<Viewer, "role">): void {
  if (role === "author" || role === "admin") return;
  throw new AppError(
    "forbidden",
    "Only authors can write articles. Ask an admin to make you an author.",
  );
}
