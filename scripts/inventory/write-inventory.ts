import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../parts/settings.ts";
import { describeInventory } from "./describe-inventory.ts";

/** Writes `docs/inventory.md`. */
writeFileSync(join(ROOT, "docs", "inventory.md"), describeInventory());
