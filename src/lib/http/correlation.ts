import { AsyncLocalStorage } from "node:async_hooks";
import { singleton } from "../singleton.ts";

const current = () => singleton("correlation", () => new AsyncLocalStorage<string>());

/** Id of the current request or job, in logs and on the signals it publishes; undefined outside of one. */
export const correlationId = (): string | undefined => current().getStore();

/** Runs `work` under an id that all its log lines and writes carry. */
export function withCorrelation<Result>(id: string, work: () => Result): Result {
  return current().run(id, work);
}
