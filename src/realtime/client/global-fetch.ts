/** The global `fetch`, looked up at each call, since an app may replace it later. */
export const globalFetch: typeof fetch = (...request) => globalThis.fetch(...request);
