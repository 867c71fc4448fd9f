import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn.ts";

/** Also for links that look like a button: `<Link className={buttonStyle({ look: "quiet" })}>`. */
export const buttonStyle = cva(
  [
    "inline-flex items-center weak:justify-center weak:gap-2 whitespace-nowrap weak:rounded-sm font-sans font-semibold",
    "transition-colors duration-100 disabled:opacity-50 aria-disabled:opacity-60",
    "[&_svg]:size-[1.1em] [&_svg]:shrink-0",
  ],
  {
    variants: {
      look: {
        solid: "bg-ink text-on-ink hover:bg-accent-strong",
        quiet: "border weak:border-rule weak:text-ink hover:border-ink",
        bare: "weak:text-ink-soft hover:text-ink hover:bg-sunk",
        danger: "bg-accent text-paper hover:bg-accent-strong",
        chosen: "bg-wash text-accent hover:text-accent-strong",
      },
      size: {
        md: "weak:h-10 weak:px-4 weak:text-sm",
        sm: "weak:h-8 weak:px-3 text-xs",
        icon: "size-10 text-base",
        inline: "h-7 px-1.5 text-xs -mx-1.5 font-medium",
      },
    },
    defaultVariants: { look: "solid", size: "md" },
  },
);

type ButtonProps = ComponentProps<"button"> & VariantProps<typeof buttonStyle>;

/** A button does nothing by itself: `type="submit"` is said where it is meant. */
export function Button({ look, size, className, type = "button", ...props }: ButtonProps) {
  return <button type={type} className={cn(buttonStyle({ look, size }), className)} {...props} />;
}
