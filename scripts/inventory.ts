import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeInventory } from "../src/channels/describe-inventory.ts";
import { inventory } from "../src/wiring/inventory.ts";
import { ROOT } from "./parts/settings.ts";

/** Writes `docs/inventory.md` from the site's inventory. */
writeFileSync(join(ROOT, "docs", "inventory.md"), describeInventory(inventory));
