import { z } from "zod";

/** Body of the SDK's `POST /fn/register`, as far as the runner uses it. */
export const registrationSchema = z.object({
  url: z.url(),
  functions: z.array(
    z.object({
      id: z.string(),
      triggers: z.array(
        z.union([
          z.object({
            event: z.string(),
            expression: z.undefined("A condition needs an Inngest server.").optional(),
          }),
          z.object({ cron: z.string() }),
        ]),
      ),
      steps: z.object({
        step: z.object({
          runtime: z.object({ url: z.url() }),
          retries: z.object({ attempts: z.number() }).partial().optional(),
        }),
      }),
    }),
  ),
});
export type JobFunction = z.infer<typeof registrationSchema>["functions"][number];

const eventSchema = z.looseObject({
  id: z.string().optional(),
  name: z.string(),
  data: z.unknown().optional(),
  ts: z.number().optional(),
});
export const eventsSchema = z
  .union([eventSchema, z.array(eventSchema)])
  .transform((sent) => [sent].flat());
export interface JobEvent {
  readonly id: string;
  readonly name: string;
  readonly data?: unknown;
  readonly ts: number;
}

/** Steps that a function reports or requests. Ids are the SHA-1 of the step's id. */
const stepSchema = z.looseObject({
  id: z.string(),
  op: z.string(),
  displayName: z.string().optional(),
  data: z.unknown().optional(),
  error: z.unknown().optional(),
});
export const stepsSchema = z.tuple([stepSchema], stepSchema);

/** A finished step: its result, or the error of its last attempt. */
export type StepState =
  | { readonly type: "data"; readonly data: unknown }
  | { readonly type: "error"; readonly error: unknown };
