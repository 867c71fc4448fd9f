import { vi } from "vitest";

/**
 * Default timeout for conditions. Vitest's default of one second is too short on a busy machine.
 */
const patienceMs = 15_000;

const { waitFor } = vi;
vi.waitFor = (condition, options = {}) =>
  waitFor(condition, typeof options === "number" ? options : { timeout: patienceMs, ...options });
