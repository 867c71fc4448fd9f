import http from "node:http";
import https from "node:https";
import { BrokerError } from "./broker-error.ts";

export interface ExchangeOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly agent: http.Agent;
  /** From the call to the last byte of the answer. */
  readonly timeoutMs: number;
}

/** The answer to an order is a line of JSON; what is longer is none of a broker's. */
const longestAnswer = 64 * 1024;
/** A list of all channels somebody is on: more than 100,000 of them. */
const longestList = 16 * 1024 * 1024;

/**
 * Posts a body, or asks when there is none.
 *
 * @throws {BrokerError} `unreachable`, `timed_out` or `unexpected_answer`.
 */
export async function exchange(
  options: ExchangeOptions,
  path: string,
  body?: string,
): Promise<{ readonly status: number; readonly body: string }> {
  try {
    return await attempt(options, path, body);
  } catch (error) {
    // The broker closed an idle connection at the moment we used it: not an outage, try a new one.
    if (error instanceof StaleConnection) return attempt(options, path, body);
    throw error;
  }
}

class StaleConnection extends BrokerError {}

function attempt(
  { host, port, tls, agent, timeoutMs }: ExchangeOptions,
  path: string,
  body: string | undefined,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const request = (tls ? https : http).request({
      method: body === undefined ? "GET" : "POST",
      host,
      port,
      path,
      agent,
      headers:
        body === undefined
          ? {}
          : { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
    });
    const fail = (error: BrokerError) => {
      clearTimeout(timer);
      reject(error);
      request.destroy();
    };
    const timer = setTimeout(
      () => fail(new BrokerError("timed_out", `The broker did not answer in ${timeoutMs} ms.`)),
      timeoutMs,
    );
    request.once("error", (cause) => {
      const Kind = request.reusedSocket ? StaleConnection : BrokerError;
      fail(new Kind("unreachable", `The broker at ${host}:${port} is unreachable.`, { cause }));
    });
    request.once("response", (response) => {
      let answer = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        answer += chunk;
        if (answer.length > (body === undefined ? longestList : longestAnswer)) {
          fail(new BrokerError("unexpected_answer", "The broker's answer is too long."));
        }
      });
      response.once("end", () => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, body: answer });
      });
      response.once("error", (cause) =>
        fail(new BrokerError("unreachable", "The broker broke off its answer.", { cause })),
      );
    });
    request.end(body);
  });
}
