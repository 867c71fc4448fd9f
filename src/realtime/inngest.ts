/** `querycast/inngest`: publishing from Inngest functions. Does not import the package `inngest`. */

/** The part of an Inngest function's context that {@link publishStep} uses. Pass the context itself. */
export interface StepContext {
  readonly runId: string;
  readonly step: {
    readonly run: (id: string, fn: () => Promise<null>) => Promise<unknown>;
  };
}

/**
 * Runs an Inngest step that publishes. `write` receives an idempotency key made of the run id and the step
 * id; pass it to `publish`. A retry after a commit whose response was lost, a replay and two concurrent
 * attempts then publish once.
 *
 * ```ts
 * await publishStep(context, "notify", (idempotencyKey) =>
 *   database.transaction((tx) => publish(signal(…), { tx, idempotencyKey })));
 * ```
 *
 * @param id unique in the function, also inside loops. Inngest numbers repeated ids internally, but the
 * idempotency key does not contain that number.
 * @throws the rejection of `write`, after which Inngest retries the step.
 */
export async function publishStep(
  { runId, step }: StepContext,
  id: string,
  write: (idempotencyKey: string) => Promise<unknown>,
): Promise<void> {
  await step.run(id, async () => {
    await write(`inngest:${runId}:${id}`);
    return null; // Inngest stores a step's result as JSON
  });
}
