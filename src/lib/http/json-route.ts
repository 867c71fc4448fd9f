import type { AppError } from "../errors/app-error.ts";
import { statusOfError } from "../errors/status-of-error.ts";
import { toAppError } from "../errors/to-app-error.ts";
import { log } from "../logging/log.ts";
import { correlated } from "./correlated.ts";

/** The response is specific to one viewer, so no cache may store it. */
const headers = { "cache-control": "no-store" };

/**
 * Responds with the result of `work` as JSON, or with the status of the error it throws. {@link JsonText}
 * and responses are sent unchanged.
 */
export function jsonRoute(work: () => Promise<unknown>): Promise<Response> {
  return correlated(async () => {
    try {
      const result = await work();
      if (result instanceof Response) return result;
      if (!(result instanceof JsonText)) return Response.json(result, { headers });
      return new Response(result.text, {
        headers: { ...headers, "content-type": "application/json" },
      });
    } catch (thrown) {
      return refusal(toAppError(thrown));
    }
  });
}

function refusal({ code, message, cause, retryAfterS }: AppError): Response {
  const status = statusOfError[code];
  if (status >= 500) log.error("read failed", { code, cause });
  const response = Response.json({ code, message }, { status, headers });
  if (retryAfterS !== undefined) response.headers.set("retry-after", String(retryAfterS));
  return response;
}

/** JSON text that is serialized already. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
