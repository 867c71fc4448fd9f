"use client";

import type { ReactNode } from "react";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { signOutOfPage } from "@/lib/pages/page-status.ts";
import { Button } from "@/ui/forms/button.tsx";
import { LogOut } from "@/ui/icons.ts";
import { Monogram } from "@/ui/monogram.tsx";
import { Menu, MenuItem, MenuLabel, MenuRule } from "@/ui/overlays/menu.tsx";
import { signOutAction } from "../actions.ts";
import type { Account } from "../schema.ts";

/** Redirects to the home page; the banner of the page shows a failure. */
const signOut = () => signOutOfPage(() => unwrapAction(signOutAction));

interface AccountMenuProps {
  readonly account: Account;
  /** The links of the menu: `AccountLinks`. */
  readonly children: ReactNode;
}

/** The menu of the signed-in account, with the sign-out button. */
export function AccountMenu({ account, children }: AccountMenuProps) {
  return (
    <Menu
      trigger={
        <Button look="bare" size="icon" className="rounded-full" aria-label="Your account">
          <Monogram name={account.name} />
        </Button>
      }
    >
      <MenuLabel>
        <span className="block font-semibold">{account.name}</span>
        <span className="block text-xs text-ink-faint">@{account.handle}</span>
      </MenuLabel>
      <MenuRule />
      {children}
      <MenuItem onClick={() => void signOut()}>
        <LogOut aria-hidden />
        Sign out
      </MenuItem>
    </Menu>
  );
}
