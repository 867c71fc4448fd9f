import { BrokerError, type BrokerErrorCode } from "./broker-error.ts";

const codeByStatus: Readonly<Record<number, BrokerErrorCode>> = {
  400: "refused",
  401: "unauthorised",
  403: "unauthorised",
  404: "unknown_app",
  413: "too_large",
  429: "rate_limited",
};

/**
 * Returns the body of a response that accepts the request. The status is not sufficient: Soketi sends refusals as 200
 * with `{"error": …, "code": 401}` in the body. A success is `{"ok": true}` from Soketi, and `{}` or the requested
 * list from Pusher.
 *
 * @throws {BrokerError} for any other response.
 */
export function readAnswer(status: number, body: string): Readonly<Record<string, unknown>> {
  const answer = parse(body);
  if (status === 200 && answer !== undefined && !("error" in answer) && answer.ok !== false)
    return answer;
  const bodyCode = typeof answer?.code === "number" ? answer.code : status;
  const reason = redact(typeof answer?.error === "string" ? answer.error : body.trim());
  throw new BrokerError(
    codeByStatus[bodyCode] ?? "unexpected_answer",
    `The broker answered ${status}${bodyCode === status ? "" : ` (code ${bodyCode})`}: ${reason || "no body"}`,
  );
}

/** Removes request signatures from a text, since a proxy's error page may contain the URL. Truncates the text. */
export function redact(text: string): string {
  return text.replace(/auth_signature=[\w%.-]*/g, "auth_signature=…").slice(0, 200);
}

function parse(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
