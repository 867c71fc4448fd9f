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
 * Accepts an answer or throws. The status alone says nothing: Soketi sends every refusal as 200 with
 * `{"error": …, "code": 401}` in the body. Accepted is `{"ok": true}`, and in the protocol of Pusher
 * `{}` or a list of what was asked for.
 *
 * @throws {BrokerError}
 */
export function readAnswer(status: number, body: string): Readonly<Record<string, unknown>> {
  const answer = parse(body);
  if (status === 200 && answer !== undefined && !("error" in answer) && answer.ok !== false)
    return answer;
  const saidStatus = typeof answer?.code === "number" ? answer.code : status;
  const said = typeof answer?.error === "string" ? answer.error : body.trim().slice(0, 200);
  throw new BrokerError(
    codeByStatus[saidStatus] ?? "unexpected_answer",
    `The broker answered ${status}${saidStatus === status ? "" : ` (meaning ${saidStatus})`}: ${said || "no body"}`,
  );
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
