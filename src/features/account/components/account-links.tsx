import {
  Bookmark,
  BookOpen,
  ChartNoAxesColumn,
  FileCode,
  Gauge,
  PenLine,
  Settings,
  User,
} from "@/ui/icons.ts";
import { MenuLink } from "@/ui/overlays/menu.tsx";
import type { Account } from "../schema.ts";

/**
 * Links in the account menu. Rendered on the server, so that pages load no code for the links, nor for
 * those that the viewer may not see.
 */
export function AccountLinks({ account }: { account: Account }) {
  return (
    <>
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
      <MenuLink href="/publications?show=yours">
        <BookOpen aria-hidden />
        Publications
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
    </>
  );
}
