/** `querycast/inngest`: publishing from Inngest functions. Needs no Inngest package by itself. */

/** The part of an Inngest function's context this needs: pass the context as it is. */
export interface StepContext {
  readonly runId: string;
  readonly step: {
    readonly run: (id: string, fn: () => Promise<null>) => Promise<unknown>;
  };
}

/**
 * Runs a step that publishes. Give `idempotencyKey` to `publish`: it is made of the run and the step, so
 * a retry after a commit whose answer was lost, a replay, or two attempts at once publish once.
 *
 * ```ts
 * await publishStep(context, "notify", (idempotencyKey) =>
 *   database.transaction((tx) => publish(signal(…), { tx, idempotencyKey })));
 * ```
 *
 * @param id unique in its function, loops included; Inngest counts repeated ids by itself, which is
 * not seen here.
 */
export async function publishStep(
  { runId, step }: StepContext,
  id: string,
  write: (idempotencyKey: string) => Promise<unknown>,
): Promise<void> {
  await step.run(id, async () => {
    await write(`inngest:${runId}:${id}`);
    return null; // a step's result is stored as JSON, and signals have none
  });
}
