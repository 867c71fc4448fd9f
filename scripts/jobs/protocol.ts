import { z } from "zod";

/** What the Inngest SDK sends to `POST /fn/register`; only what the runner acts on. */
export const registrationSchema = z.object({
  url: z.url(),
  functions: z.array(
    z.object({
      id: z.string(),
      triggers: z.array(
        z.union([
          z.object({ event: z.string(), expression: z.string().optional() }),
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

export const eventSchema = z.looseObject({
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

/** One operation a function asked for or reports on. Ids are the SHA-1 of the step's id. */
export const operationsSchema = z.array(
  z.looseObject({
    id: z.string(),
    op: z.string(),
    name: z.string().optional(),
    displayName: z.string().optional(),
    data: z.unknown().optional(),
    error: z.unknown().optional(),
    opts: z.looseObject({}).nullish(),
  }),
);
export type Operation = z.infer<typeof operationsSchema>[number];

/** What is known of a step: its result, or the error that ended it. */
export type StepState =
  | { readonly type: "data"; readonly data: unknown }
  | { readonly type: "error"; readonly error: unknown };
