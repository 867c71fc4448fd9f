import { randomBytes } from "node:crypto";
import { cookies } from "next/headers";
import { countView, visitorOf } from "@/features/articles/count-view.ts";
import { articleIdInput } from "@/features/articles/draft-schema.ts";
import { AppError } from "@/lib/app-error.ts";
import { boundedRoute } from "@/lib/bounded-route.ts";
import { clientAddress } from "@/lib/client-address.ts";
import { env } from "@/lib/env.ts";
import { auth } from "@/wiring/auth.ts";
import { noteAsViewer } from "@/wiring/context.ts";
import { limitedRoute } from "@/wiring/limited-route.ts";
import { limits } from "@/wiring/limits.ts";

/** Tells one browser without an account from another, until it is closed. */
const visitorCookie = "inkwell-visitor";

/** Counts that a page was looked at. Pages ask for it once they are shown, and wait for no answer. */
export const POST = boundedRoute((request) =>
  limitedRoute(request, async () => {
    assertOwnPage(request);
    assertShort(request);
    const { articleId } = articleIdInput.parse(await request.json().catch(() => null));
    const browser = await browserId();
    const { userId } = await auth().getViewer();
    const visitor = visitorOf(userId ?? browser, { secret: env().visitorSecret, now: new Date() });
    const count = () => noteAsViewer((ctx) => countView(ctx, { articleId, visitor }));
    if (userId !== null) await count();
    else await limits().newView({ articleId, address: clientAddress(request.headers) }, count);
    return null;
  }),
);

/** Every browser names the page a POST comes from, and no page can name another. */
function assertOwnPage({ headers }: Request): void {
  if (!env().allowedOrigins.includes(headers.get("origin") ?? "")) {
    throw new AppError("forbidden", "Views are counted by the pages of this site alone.");
  }
}

/** One id, with room. */
const bodyBytes = 256;

function assertShort({ headers }: Request): void {
  if (Number(headers.get("content-length") ?? bodyBytes + 1) > bodyBytes) {
    const limit = `A view is told in at most ${bodyBytes} bytes, and says how many in Content-Length.`;
    throw new AppError("invalid_input", `${limit} Send the article's id alone.`);
  }
}

async function browserId(): Promise<string> {
  const jar = await cookies();
  const known = jar.get(visitorCookie)?.value;
  if (known !== undefined && /^[\w-]{22}$/.test(known)) return known;
  const made = randomBytes(16).toString("base64url");
  const secure = env().auth.url.startsWith("https:");
  jar.set(visitorCookie, made, { httpOnly: true, sameSite: "lax", secure, path: "/" });
  return made;
}
