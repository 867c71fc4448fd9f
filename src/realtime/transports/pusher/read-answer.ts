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
 * Accepts an answer or throws. The status alone is no proof: Soketi sends every refusal as 200 with
 * `{"error": …, "code": 401}` in the body. Accepted is `{"ok": true}`, and in the protocol of Pusher
 * `{}` or the list that was requested.
 *
 * @throws {BrokerError}
 */
export function readAnswer(status: number, body: string): Readonly<Record<string, unknown>> {
  const answer = parse(body);
  if (status === 200 && answer !== undefined && !("error" in answer) && answer.ok !== false)
    return answer;
  const saidStatus = typeof answer?.code === "number" ? answer.code : status;
  const said = redact(typeof answer?.error === "string" ? answer.error : body.trim());
  throw new BrokerError(
    codeByStatus[saidStatus] ?? "unexpected_answer",
    `The broker answered ${status}${saidStatus === status ? "" : ` (meaning ${saidStatus})`}: ${said || "no body"}`,
  );
}

/** The beginning of a text without what signs a request: a proxy's error page may repeat the address. */
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
