import { createVisitorLimits, type VisitorLimits } from "@/lib/http/visitor-limits.ts";
import { singleton } from "@/lib/singleton.ts";

/** The rate limits per visitor in this process; see {@link createVisitorLimits}. */
export const limits = (): VisitorLimits => singleton("limits", () => createVisitorLimits());
