import { singleton } from "@/lib/singleton.ts";
import { createVisitorLimits, type VisitorLimits } from "@/lib/visitor-limits.ts";

/** What a visitor may ask of this process; see {@link createVisitorLimits}. */
export const limits = (): VisitorLimits => singleton("limits", () => createVisitorLimits());
