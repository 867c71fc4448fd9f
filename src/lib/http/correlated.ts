import { randomUUID } from "node:crypto";
import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import { correlationId, withCorrelation } from "./correlation.ts";

/**
 * Runs the work of a request under its correlation id: the current one, the `x-request-id` of a proxy, or a
 * new one.
 */
export async function correlated<Result>(work: () => Promise<Result>): Promise<Result> {
  if (correlationId() !== undefined) return work();
  return withCorrelation(await requestId(), work);
}

async function requestId(): Promise<string> {
  try {
    return readRequestId((await headers()).get("x-request-id")) ?? randomUUID();
  } catch (error) {
    unstable_rethrow(error);
    return randomUUID(); // not in a request
  }
}

/** Validates the header, which any client can send: short and plain values only. */
export function readRequestId(given: string | null): string | undefined {
  return given !== null && /^[A-Za-z0-9_-]{8,64}$/.test(given) ? given : undefined;
}
