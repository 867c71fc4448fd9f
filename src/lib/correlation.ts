import { AsyncLocalStorage } from "node:async_hooks";
import { singleton } from "./singleton.ts";

const current = () => singleton("correlation", () => new AsyncLocalStorage<string>());

/** Id of the request or job at work, in logs and on the signals it publishes; undefined outside of one. */
export const correlationId = (): string | undefined => current().getStore();

/** Runs `work` under an id, which every log line and every write in it then carries. */
export function withCorrelation<Result>(id: string, work: () => Result): Result {
  return current().run(id, work);
}
