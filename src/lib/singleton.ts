const store = globalThis as unknown as Record<symbol, unknown>;

/**
 * Creates one object per process. The development server reloads modules after an edit, and the
 * instrumentation hook has its own module instances; both have to share one pool and one relay.
 */
export function singleton<Value>(name: string, create: () => Value): Value {
  const key = Symbol.for(`inkwell.${name}`);
  store[key] ??= create();
  return store[key] as Value;
}
