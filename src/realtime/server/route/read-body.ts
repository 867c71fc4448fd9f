import { limits } from "../../protocol/limits.ts";
import { isRequestError, RequestError } from "./request-error.ts";

/**
 * Reads a request body as text. Counts the bytes received, since `Content-Length` may be wrong or missing.
 *
 * @throws {RequestError} `too_large`, or `bad_request` for invalid UTF-8 or an aborted body.
 */
export async function readBody(
  request: Request,
  maxBytes: number = limits.requestBytes,
): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let bytes = 0;
  let text = "";
  try {
    const reader = request.body?.getReader();
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done || value === undefined) return text + decoder.decode();
      bytes += value.byteLength;
      if (bytes > maxBytes) {
        await reader?.cancel();
        throw new RequestError("too_large");
      }
      text += decoder.decode(value, { stream: true });
    }
  } catch (cause) {
    if (isRequestError(cause)) throw cause;
    throw new RequestError("bad_request", { cause });
  }
}
