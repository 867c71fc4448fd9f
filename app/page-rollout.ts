import { auth } from "@/wiring/auth.ts";
import type { PageRollout } from "@/wiring/browser.ts";
import { rollout } from "@/wiring/rollout.ts";
import { pageCursors } from "./page-cursors.ts";

/** What is switched on for whoever reads this page, and from where its changes are followed; null for nobody. */
export async function pageRollout(): Promise<PageRollout | null> {
  const { userId, role } = await auth().getViewer();
  if (userId === null) return null;
  // First where the log stands, then what is on: a change in between is heard of twice, not never.
  const { site: cursor } = await pageCursors()(["site"]);
  const live = (await rollout().current()).liveFor({ id: userId, role });
  return { live, cursor };
}
