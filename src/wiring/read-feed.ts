import { builtInFeed } from "@/lib/evidence/built-in-feed.ts";
import { decodeText } from "@/lib/text/decode-text.ts";

const mostBytes = 1_000_000;
const timeoutMs = 10_000;

/**
 * The text of a feed, or the reason why there is none. Only the operator adds feeds, so their URLs may be on the network
 * of the server; redirects are not followed.
 */
export async function readFeed(url: string, send: typeof fetch = fetch): Promise<string | Error> {
  if (url.startsWith("built-in:")) return builtInFeed(new Date());
  try {
    const response = await send(url, {
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
      headers: { accept: "application/json" },
    });
    if (response.ok) return await readText(response);
    await response.body?.cancel();
    return new Error(`The feed answered with status ${response.status}.`);
  } catch (error) {
    const isLate = error instanceof Error && error.name === "TimeoutError";
    return new Error(
      isLate
        ? `The feed did not answer within ${timeoutMs / 1000} s.`
        : "The feed cannot be reached.",
    );
  }
}

async function readText(response: Response): Promise<string | Error> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) {
      return new Error(`The feed has more than ${mostBytes.toLocaleString("en")} bytes.`);
    }
    chunks.push(chunk);
  }
  return decodeText(Buffer.concat(chunks)) ?? new Error("The feed is not UTF-8 text.");
}
