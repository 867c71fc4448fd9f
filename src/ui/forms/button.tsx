import type { ComponentProps } from "react";
import { cn } from "@/lib/cn.ts";

const base =
  "inline-flex items-center weak:justify-center weak:gap-2 whitespace-nowrap weak:rounded-sm font-sans font-semibold " +
  "transition-colors duration-100 disabled:opacity-50 aria-disabled:opacity-60 " +
  "[&_svg]:size-[1.1em] [&_svg]:shrink-0";

const looks = {
  solid: "bg-ink text-on-ink hover:bg-accent-strong",
  quiet: "border weak:border-rule weak:text-ink hover:border-ink",
  bare: "weak:text-ink-soft hover:text-ink hover:bg-sunk",
  danger: "bg-danger text-paper hover:bg-danger-strong",
  chosen: "bg-wash text-accent hover:text-accent-strong",
};

const sizes = {
  md: "weak:h-10 weak:px-4 weak:text-sm",
  sm: "weak:h-8 weak:px-3 text-xs",
  icon: "size-10 text-base",
  inline: "h-7 px-1.5 text-xs -mx-1.5 font-medium",
};

interface ButtonStyle {
  /** Default `solid`. */
  readonly look?: keyof typeof looks | undefined;
  /** Default `md`. */
  readonly size?: keyof typeof sizes | undefined;
  readonly className?: string | undefined;
}

/** Class names of a button. Also for links that look like one: `<Link className={buttonStyle({ look: "quiet" })}>`. */
export function buttonStyle({ look = "solid", size = "md", className }: ButtonStyle = {}): string {
  return cn(base, looks[look], sizes[size], className);
}

type ButtonProps = ComponentProps<"button"> & ButtonStyle;

/** A button of type `button`. A button that submits its form has `type="submit"`. */
export function Button({ look, size, className, type = "button", ...props }: ButtonProps) {
  return <button type={type} className={buttonStyle({ look, size, className })} {...props} />;
}
