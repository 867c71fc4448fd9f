"use client";

import {
  Bookmark,
  ChartNoAxesColumn,
  FileCode,
  Gauge,
  LogOut,
  PenLine,
  Settings,
  User,
} from "lucide-react";
import { checkSession } from "@/lib/page-status.ts";
import { pageStamp } from "@/lib/page-viewer.ts";
import { Button } from "@/ui/button.tsx";
import { Menu, MenuItem, MenuLabel, MenuLink, MenuRule } from "@/ui/menu.tsx";
import { Monogram } from "@/ui/monogram.tsx";
import { signOutAction } from "../actions.ts";
import type { Account } from "../schema.ts";

/** Leads to the front page; a refusal is shown by the banner of the page. */
async function signOut(): Promise<void> {
  const result = await signOutAction(pageStamp());
  if (result?.ok === false) await checkSession();
}

/** Whose session this is, and the way out of it. */
export function AccountMenu({ account }: { account: Account }) {
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
      <MenuLink href={`/people/${account.handle}`}>
        <User aria-hidden />
        Your page
      </MenuLink>
      {account.role !== "reader" && (
        <>
          <MenuLink href="/write">
            <PenLine aria-hidden />
            Write
          </MenuLink>
          <MenuLink href="/dashboard">
            <ChartNoAxesColumn aria-hidden />
            Dashboard
          </MenuLink>
        </>
      )}
      <MenuLink href="/bookmarks">
        <Bookmark aria-hidden />
        Bookmarks
      </MenuLink>
      <MenuLink href="/gists?show=yours">
        <FileCode aria-hidden />
        Your gists
      </MenuLink>
      <MenuLink href="/settings">
        <Settings aria-hidden />
        Settings
      </MenuLink>
      {account.role === "admin" && (
        <MenuLink href="/admin">
          <Gauge aria-hidden />
          Admin
        </MenuLink>
      )}
      <MenuItem onClick={() => void signOut()}>
        <LogOut aria-hidden />
        Sign out
      </MenuItem>
    </Menu>
  );
}
