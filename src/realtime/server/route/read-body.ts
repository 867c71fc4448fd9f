import { limits } from "../../protocol/limits.ts";
import { isRequestError, RequestError } from "./request-error.ts";

/**
 * Reads a request body as text. Counts the bytes received, since `Content-Length` may be wrong or missing.
 *
 * @throws {RequestError} `too_large`, or `bad_request` for invalid UTF-8 or an aborted body.
 */
export async function readBody(
  body: AsyncIterable<Uint8Array> | null,
  maxBytes: number = limits.requestBytes,
): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let bytes = 0;
  let text = "";
  try {
    for await (const chunk of body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw new RequestError("too_large");
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (cause) {
    if (isRequestError(cause)) throw cause;
    throw new RequestError("bad_request", { cause });
  }
}
