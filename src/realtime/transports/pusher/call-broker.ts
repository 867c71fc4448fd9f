import { BrokerError } from "./broker-error.ts";
import { readAnswer, redact } from "./read-answer.ts";

/** The response type of the `pusher` package. */
export interface BrokerResponse {
  readonly status: number;
  readonly body: NodeJS.ReadableStream | null;
}

export interface CallOptions {
  /** Time limit from the call to the last byte of the response, including a retry. */
  readonly timeoutMs: number;
  /** Maximum length of the response. */
  readonly bytesAtMost: number;
}

/**
 * Runs one call of the `pusher` package and checks the response. The package resolves for every status below 400, and
 * some brokers send refusals with status 200.
 *
 * Errors contain nothing of the request, since its URL contains the signature.
 *
 * @throws {BrokerError} when the broker does not accept the request.
 */
export async function callBroker(
  call: () => Promise<BrokerResponse>,
  { timeoutMs, bytesAtMost }: CallOptions,
): Promise<Readonly<Record<string, unknown>>> {
  let response: BrokerResponse | undefined;
  let isOver = false;
  const attempt = async () => {
    try {
      response = await call();
      if (isOver) giveUp(response);
      return readAnswer(response.status, await readText(response.body, bytesAtMost));
    } catch (error) {
      throw toBrokerError(error);
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new BrokerError("timed_out", `The broker did not answer in ${timeoutMs} ms.`)),
      timeoutMs,
    );
  });
  const answer = attempt().catch((error: unknown) => {
    // The broker may close a keep-alive connection just as it is used, so a reset is retried once. Clients deduplicate
    // signals by id, so publishing twice is harmless.
    if (isOver || !isReset(error)) throw error;
    return attempt();
  });
  try {
    return await Promise.race([answer, deadline]);
  } finally {
    isOver = true;
    clearTimeout(timer);
    if (response !== undefined) giveUp(response);
  }
}

/** Reads by events: the async iterator of a stream costs more CPU than all else for a short response. */
function readText(body: BrokerResponse["body"], bytesAtMost: number): Promise<string> {
  return new Promise((resolve, reject) => {
    if (body === null) return resolve("");
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    body.on("data", (chunk: Uint8Array | string) => {
      const part = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      bytes += part.length;
      if (bytes <= bytesAtMost) chunks.push(part);
      else {
        const message = `The broker's response exceeds ${bytesAtMost} bytes.`;
        reject(new BrokerError("unexpected_answer", message));
      }
    });
    body.on("error", reject);
    body.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
  });
}

/** Closes the connection of a response that was not read completely. */
function giveUp({ body }: BrokerResponse): void {
  if (body !== null && "destroy" in body && typeof body.destroy === "function") body.destroy();
}

const resets: readonly unknown[] = ["ECONNRESET", "EPIPE"];
const isReset = (error: unknown) =>
  error instanceof Error && resets.includes((error.cause as { code?: unknown } | undefined)?.code);

/** The fields read from the package's `RequestError` and the `FetchError` in it. */
interface PackageError {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly status?: unknown;
  readonly body?: unknown;
  readonly error?: PackageError;
  readonly code?: unknown;
  readonly message?: unknown;
}

function toBrokerError(thrown: unknown): BrokerError {
  if (thrown instanceof BrokerError) return thrown;
  const error = (thrown ?? {}) as PackageError;
  if (typeof error.status === "number") return refusalOf(error.status, String(error.body ?? ""));
  const { type, code, message, name } = error.error ?? error;
  if (type === "aborted" || name === "AbortError") {
    return new BrokerError("timed_out", "The broker did not answer in time.");
  }
  if (name === "FetchError" || code !== undefined) {
    const cause = Object.assign(new Error(redact(String(message))), { code });
    return new BrokerError("unreachable", `The broker is unreachable (${code ?? type}).`, {
      cause,
    });
  }
  // The package throws before sending, e.g. for an encrypted channel without a key or an empty user id.
  return new BrokerError("refused", `The pusher package refused: ${redact(String(message))}`);
}

function refusalOf(status: number, body: string): BrokerError {
  try {
    readAnswer(status, body);
  } catch (error) {
    if (error instanceof BrokerError) return error;
  }
  return new BrokerError("unexpected_answer", `The broker answered ${status}.`);
}
