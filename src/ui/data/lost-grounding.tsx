interface LostGroundingProps {
  /** Cited observations that can no longer ground a claim, such as `OBS-0042`. */
  readonly refs: readonly string[];
  readonly className?: string;
}

/** States that a grounded answer has lost its ground. Renders nothing without lost citations. */
export function LostGrounding({ refs, className = "" }: LostGroundingProps) {
  if (refs.length === 0) return null;
  return (
    <p className={`text-danger ${className}`}>
      No longer grounded: {refs.join(", ")} {refs.length === 1 ? "was" : "were"} corrected or failed
      the check after this answer. Ask again.
    </p>
  );
}
