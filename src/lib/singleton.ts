const store = globalThis as unknown as Record<symbol, unknown>;

/**
 * One object per process. The development server loads a module anew after each edit, and the
 * instrumentation hook has module instances of its own; both must meet the same pool and the same relay.
 */
export function singleton<Value>(name: string, create: () => Value): Value {
  const key = Symbol.for(`inkwell.${name}`);
  store[key] ??= create();
  return store[key] as Value;
}
