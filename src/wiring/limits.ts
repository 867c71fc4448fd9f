import { singleton } from "@/lib/singleton.ts";
import { createVisitorLimits, type VisitorLimits } from "@/lib/visitor-limits.ts";

/** The rate limits per visitor in this process; see {@link createVisitorLimits}. */
export const limits = (): VisitorLimits => singleton("limits", () => createVisitorLimits());
