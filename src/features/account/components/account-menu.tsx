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
import Link from "next/link";
import { Button } from "@/ui/button.tsx";
import { Menu, MenuItem, MenuLabel, MenuRule } from "@/ui/menu.tsx";
import { Monogram } from "@/ui/monogram.tsx";
import { signOutAction } from "../actions.ts";
import type { Account } from "../schema.ts";

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
      <MenuItem asChild>
        <Link href={`/people/${account.handle}`}>
          <User aria-hidden />
          Your page
        </Link>
      </MenuItem>
      {account.role !== "reader" && (
        <>
          <MenuItem asChild>
            <Link href="/write">
              <PenLine aria-hidden />
              Write
            </Link>
          </MenuItem>
          <MenuItem asChild>
            <Link href="/dashboard">
              <ChartNoAxesColumn aria-hidden />
              Dashboard
            </Link>
          </MenuItem>
        </>
      )}
      <MenuItem asChild>
        <Link href="/bookmarks">
          <Bookmark aria-hidden />
          Bookmarks
        </Link>
      </MenuItem>
      <MenuItem asChild>
        <Link href="/gists?show=yours">
          <FileCode aria-hidden />
          Your gists
        </Link>
      </MenuItem>
      <MenuItem asChild>
        <Link href="/settings">
          <Settings aria-hidden />
          Settings
        </Link>
      </MenuItem>
      {account.role === "admin" && (
        <MenuItem asChild>
          <Link href="/admin">
            <Gauge aria-hidden />
            Admin
          </Link>
        </MenuItem>
      )}
      <MenuItem onSelect={() => void signOutAction()}>
        <LogOut aria-hidden />
        Sign out
      </MenuItem>
    </Menu>
  );
}
