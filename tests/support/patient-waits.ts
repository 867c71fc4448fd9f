import { vi } from "vitest";

/**
 * How long a condition is waited for where a test names no time of its own. Vitest's second is over on a
 * busy machine before anything is wrong; what never comes true fails all the same, only later.
 */
const patienceMs = 15_000;

const { waitFor } = vi;
vi.waitFor = (condition, options = {}) =>
  waitFor(condition, typeof options === "number" ? options : { timeout: patienceMs, ...options });
