"use client";

import { type ComponentProps, cloneElement, type KeyboardEvent, type ReactNode } from "react";
import { cn } from "@/lib/cn.ts";
import { Check } from "../icons.ts";
import { Link } from "../link.tsx";
import { Popover, type Trigger } from "./popover.tsx";

/** A menu below a button. Arrow keys and first letters move through it. */
export function Menu({ trigger, children }: { trigger: Trigger; children: ReactNode }) {
  return (
    <Popover
      role="menu"
      trigger={cloneElement(trigger, { onKeyDown: openByArrow })}
      onKeyDown={step}
      onClick={({ currentTarget, target }) => {
        if (itemOf(target)) currentTarget.hidePopover();
      }}
      className="min-w-52"
    >
      {children}
    </Popover>
  );
}

const itemOf = (target: EventTarget) =>
  target instanceof Element ? target.closest<HTMLElement>("[role^=menuitem]") : null;

function openByArrow(event: KeyboardEvent<HTMLButtonElement>): void {
  if (event.key !== "ArrowDown") return;
  event.preventDefault();
  event.currentTarget.click();
}

/** Key handling of the menu pattern: https://www.w3.org/WAI/ARIA/apg/patterns/menubar/ */
function step(event: KeyboardEvent<HTMLElement>): void {
  const { key, currentTarget: menu, target } = event;
  const items = [...menu.querySelectorAll<HTMLElement>("[role^=menuitem]")];
  const at = items.indexOf(target as HTMLElement);
  const after = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  const isMeant = (item: HTMLElement) =>
    item.textContent.trim().toLowerCase().startsWith(key.toLowerCase());
  const goes: Readonly<Record<string, HTMLElement | undefined>> = {
    ArrowDown: items[at + 1] ?? items[0],
    ArrowUp: items[at - 1] ?? items.at(-1),
    Home: items[0],
    End: items.at(-1),
  };
  const isModified = event.ctrlKey || event.metaKey || event.altKey;
  const next = goes[key] ?? (key.length === 1 && !isModified ? after.find(isMeant) : undefined);
  if (key === "Tab") menu.hidePopover();
  else if (key === " ") itemOf(target)?.click();
  else if (next) next.focus();
  else return;
  event.preventDefault();
}

/** Props of every menu item. The menu itself moves the focus. */
const entry = {
  role: "menuitem",
  tabIndex: -1,
  className: cn(
    "flex w-full items-center gap-3 rounded-xs px-3 py-2 text-sm outline-none select-none",
    "hover:bg-sunk hover:text-accent-strong focus-visible:bg-sunk focus-visible:text-accent-strong",
    "[&_svg]:size-4 [&_svg]:shrink-0",
  ),
};

export function MenuItem(props: ComponentProps<"button">) {
  return <button type="button" {...entry} {...props} />;
}

export function MenuLink(props: ComponentProps<typeof Link>) {
  return <Link {...entry} {...props} />;
}

interface MenuChoiceProps extends ComponentProps<"button"> {
  readonly isChosen: boolean;
}

/** A menu item of which one in its group is chosen. */
export function MenuChoice({ isChosen, children, ...props }: MenuChoiceProps) {
  return (
    <MenuItem role="menuitemradio" aria-checked={isChosen} {...props}>
      {children}
      {isChosen && <Check aria-hidden className="ml-auto text-accent" />}
    </MenuItem>
  );
}

export function MenuRule() {
  return <hr className="my-1.5 border-t border-rule" />;
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <div className="px-3 py-2">{children}</div>;
}
