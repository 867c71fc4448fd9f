import { eq } from "drizzle-orm";
import { users } from "@/db/schema.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { UpdateProfileInput } from "./schema.ts";
import { profileUpdated } from "./signals.ts";

/** Updates the viewer's public profile. */
export async function updateProfile(
  { tx, viewer, publish }: WriteContext,
  { name, bio }: UpdateProfileInput,
): Promise<void> {
  await tx.update(users).set({ name, bio }).where(eq(users.id, viewer.userId));
  await publish(profileUpdated(viewer.userId));
}
