import { type RefObject, useEffect, useRef } from "react";

/** The value of the last committed render, for callbacks that outlive renders. */
export function useLatest<Value>(value: Value): RefObject<Value> {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}
