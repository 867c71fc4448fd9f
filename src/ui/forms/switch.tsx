import { cn } from "@/lib/cn.ts";

interface SwitchProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onClick: () => void;
}

/** A switch, 32 by 20 px. */
export function Switch({ label, isOn, onClick }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-label={label}
      onClick={onClick}
      className={cn(
        "inline-flex h-5 w-8 items-center rounded-full border p-0.5 align-middle transition-colors duration-100",
        isOn ? "justify-end border-live bg-live" : "justify-start border-ink-faint bg-sunk",
      )}
    >
      <span className={cn("size-3.5 rounded-full", isOn ? "bg-paper" : "bg-ink-faint")} />
    </button>
  );
}
