import {
  Bookmark,
  ChartNoAxesColumn,
  FileCode,
  Gauge,
  PenLine,
  Settings,
  User,
} from "@/ui/icons.ts";
import { MenuLink } from "@/ui/menu.tsx";
import type { Account } from "../schema.ts";

/**
 * The pages of an account, for its menu. Rendered on the server: no page loads the code of the links, nor of
 * those that its viewer has no right to.
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
