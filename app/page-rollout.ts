import { auth } from "@/wiring/auth.ts";
import { rollout } from "@/wiring/realtime/access/rollout.ts";
import type { PageRollout } from "@/wiring/realtime/browser.ts";
import { pageCursors } from "./page-cursors.ts";

/**
 * The rollout for the viewer of this page, with the cursor from which to follow changes; null when signed
 * out.
 */
export async function pageRollout(): Promise<PageRollout | null> {
  const { userId, role } = await auth().getViewer();
  if (userId === null) return null;
  // The cursor is read before the rollout: a change in between is then received twice instead of never.
  const { site: cursor } = await pageCursors()(["site"]);
  const live = (await rollout().current()).liveFor({ id: userId, role });
  return { live, cursor };
}
