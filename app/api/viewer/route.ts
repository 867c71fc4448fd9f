import { getAccount } from "@/features/account/get-account.ts";
import type { BrowserSession } from "@/lib/pages/page-status.ts";
import { release } from "@/lib/release.ts";
import { auth } from "@/wiring/auth.ts";
import { readAsViewer } from "@/wiring/context.ts";
import { limitedRoute } from "@/wiring/routes/limited-route.ts";

/** Answers with the session of the browser. Pages that were rendered for an earlier session use it. */
export function GET(request: Request): Promise<Response> {
  return limitedRoute(request, async (): Promise<BrowserSession> => {
    const account = await readAsViewer(getAccount);
    const isBanned = account === null && (await auth().isBanned(request));
    return { viewerId: account?.id ?? null, name: account?.name ?? null, isBanned, release };
  });
}
