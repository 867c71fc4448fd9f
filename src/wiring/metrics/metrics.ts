import { singleton } from "@/lib/singleton.ts";
import { createMetrics } from "./metrics-registry.ts";

export const metrics = () => singleton("metrics", () => createMetrics());
