import { listMessages } from "@/features/desk/list-messages.ts";
import type { DeskInput } from "@/features/desk/schema.ts";
import { resolveCitations } from "@/features/evidence/read/resolve-citations.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { keys } from "../../support/rigs/evidence-rig.ts";

/** The messages of a chat, as the route reads them. */
export const messagesOf = (ctx: ReadContext, input: DeskInput) =>
  listMessages({ ...ctx, resolve: resolveCitations({ ...ctx, keys }, input.publicationId) }, input);
