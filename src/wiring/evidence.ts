import { env } from "@/lib/env.ts";
import { createEvidenceKeys, type EvidenceKeys } from "@/lib/evidence/signing.ts";
import { singleton } from "@/lib/singleton.ts";

/** The keys that sign and check observations in this process. */
export const evidenceKeys = (): EvidenceKeys =>
  singleton("evidence-keys", () => createEvidenceKeys(env().evidence));
