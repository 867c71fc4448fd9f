import { runSite } from "./parts/run-site.ts";

await runSite("production");
