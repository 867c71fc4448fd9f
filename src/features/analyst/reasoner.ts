import { env } from "@/lib/env.ts";
import { singleton } from "@/lib/singleton.ts";
import { createReasoner } from "./create-reasoner.ts";

/** The reasoner of the environment, made once in a process. */
export const reasoner = () => singleton("reasoner", () => createReasoner(env().analyst));
