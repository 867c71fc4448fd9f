import type { Reasoner } from "@/lib/analyst/reasoner.ts";
import type { Env } from "@/lib/env.ts";
import { extractiveReasoner } from "./extractive-reasoner.ts";
import { createModelReasoner } from "./model-reasoner.ts";

/** The reasoner that the environment selects. Default: the built-in one. */
export const createReasoner = (settings: Env["analyst"]): Reasoner =>
  settings === null ? extractiveReasoner : createModelReasoner(settings);
