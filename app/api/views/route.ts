import { randomBytes } from "node:crypto";
import { cookies } from "next/headers";
import { countView, visitorOf } from "@/features/articles/read/count-view.ts";
import { articleIdInput } from "@/features/articles/write/draft-schema.ts";
import { env } from "@/lib/env.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { boundedRoute } from "@/lib/http/bounded-route.ts";
import { clientAddress } from "@/lib/http/client-address.ts";
import { auth } from "@/wiring/auth.ts";
import { noteAsViewer } from "@/wiring/context.ts";
import { limitedRoute } from "@/wiring/routes/limited-route.ts";
import { limits } from "@/wiring/routes/limits.ts";

/** Distinguishes browsers without an account until they are closed. */
const visitorCookie = "inkwell-visitor";

/** Counts a view of a page. Pages call it after they are shown and do not wait for the response. */
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

/** Browsers send the origin of the page with each POST, and a page cannot forge it. */
function assertOwnPage({ headers }: Request): void {
  if (!env().allowedOrigins.includes(headers.get("origin") ?? "")) {
    throw new AppError("forbidden", "Only pages of this site can count views.");
  }
}

/** Room for one id. */
const bodyBytes = 256;

function assertShort({ headers }: Request): void {
  if (Number(headers.get("content-length") ?? bodyBytes + 1) > bodyBytes) {
    const limit = `The body may have at most ${bodyBytes} bytes and needs a Content-Length header.`;
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
