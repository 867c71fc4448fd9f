import { dehydrate, QueryClient } from "@tanstack/react-query";
import { prefetchLive } from "querycast";
import { LiveHydration } from "querycast/react";
import type { ReactNode } from "react";
import { AccountLinks } from "@/features/account/components/account-links.tsx";
import { AccountMenu } from "@/features/account/components/account-menu.tsx";
import { RoleWatch } from "@/features/account/components/role-watch.tsx";
import { getAccount } from "@/features/account/get-account.ts";
import { accountQuery } from "@/features/account/queries.ts";
import type { Account } from "@/features/account/schema.ts";
import { ConnectionIndicator } from "@/features/connection/components/connection-indicator.tsx";
import { NotificationBell } from "@/features/notifications/components/notification-bell.tsx";
import { countUnread } from "@/features/notifications/count-unread.ts";
import { unreadCountQuery } from "@/features/notifications/queries.ts";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { Link } from "@/ui/link.tsx";
import { readAsViewer } from "@/wiring/context.ts";
import { pageCursors } from "./page-cursors.ts";

interface ToolsProps {
  readonly account: Account | null;
  readonly themeSwitch: ReactNode;
}

/** The tools at the end of the header: live parts when signed in, otherwise the sign-in links. */
export async function Tools({ account, themeSwitch }: ToolsProps) {
  if (account === null) {
    return (
      <>
        {themeSwitch}
        <Link href="/sign-in" className={buttonStyle({ look: "bare", size: "sm" })}>
          Sign in
        </Link>
        <Link
          href="/sign-up"
          className={buttonStyle({ size: "sm", className: "max-[22rem]:hidden" })}
        >
          Join
        </Link>
      </>
    );
  }
  const queryClient = new QueryClient();
  const cursors = pageCursors();
  await Promise.all([
    prefetchLive(
      queryClient,
      { ...unreadCountQuery(account.id), queryFn: () => readAsViewer(countUnread) },
      { cursors },
    ),
    prefetchLive(
      queryClient,
      { ...accountQuery(account.id), queryFn: () => readAsViewer(getAccount) },
      { cursors },
    ),
  ]);
  return (
    <LiveHydration state={dehydrate(queryClient)}>
      <ConnectionIndicator />
      {themeSwitch}
      <NotificationBell userId={account.id} />
      <AccountMenu account={account}>
        <AccountLinks account={account} />
      </AccountMenu>
      <RoleWatch account={account} />
    </LiveHydration>
  );
}
