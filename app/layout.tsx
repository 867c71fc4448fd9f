import "./globals.css";
import type { Metadata, Viewport } from "next";
import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import { accountKey } from "@/features/account/queries.ts";
import { announcementKeys } from "@/features/announcements/keys.ts";
import { PageBanner } from "@/features/connection/components/page-banner.tsx";
import { PageReadTime } from "@/features/connection/components/page-read-time.tsx";
import { ReportToast } from "@/features/dashboard/components/report-toast.tsx";
import { notificationKeys } from "@/features/notifications/keys.ts";
import { Shortcuts } from "@/features/shortcuts/components/shortcuts.tsx";
import type { PublicTransport } from "@/lib/env/broker.ts";
import { env } from "@/lib/env.ts";
import { nonceOf } from "@/lib/http/nonce-of.ts";
import { release } from "@/lib/release.ts";
import { parseTheme, themeCookie } from "@/lib/theme.ts";
import { earlyInputScript } from "@/ui/forms/early-input.ts";
import { Colophon } from "@/ui/frame/colophon.tsx";
import { Masthead } from "@/ui/frame/masthead.tsx";
import { ThemeSwitch } from "@/ui/frame/theme-switch.tsx";
import { unreadTitleScript } from "@/ui/frame/unread-title.ts";
import { publicTransport } from "@/wiring/realtime/realtime.ts";
import { Announcement } from "./announcement.tsx";
import { pageRollout } from "./page-rollout.ts";
import { Providers } from "./providers.tsx";
import { Tools } from "./tools.tsx";
import { currentAccount } from "./viewer.ts";

export const metadata: Metadata = {
  title: { default: "Inkwell", template: "%s · Inkwell" },
  description: "Articles and gists by people who build software, and discussions about them.",
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f8f8f5" },
    { media: "(prefers-color-scheme: dark)", color: "#10141b" },
  ],
};

/** The queries of the header are read on each page, also where the page itself is not. */
const headerKeys = [notificationKeys.unreadCount, accountKey, announcementKeys.current].map(
  ([root]) => root,
);

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [jar, sent, account, rollout] = await Promise.all([
    cookies(),
    headers(),
    currentAccount(),
    pageRollout(),
  ]);
  const transport: PublicTransport = account === null ? { type: "pull" } : await publicTransport();
  const theme = parseTheme(jar.get(themeCookie)?.value);
  const nonce = nonceOf(sent.get("content-security-policy") ?? "");
  return (
    <html lang="en" data-theme={theme} data-viewer={account?.id ?? ""} data-release={release}>
      <body className="flex min-h-dvh flex-col">
        <script nonce={nonce}>{`${earlyInputScript};${unreadTitleScript}`}</script>
        {/* Another person, or another role, has a cache of its own: it holds nothing read with other rights. */}
        <Providers
          key={account === null ? "nobody" : `${account.id} ${account.role}`}
          transport={transport}
          viewerId={account?.id ?? null}
          rollout={rollout}
        >
          <PageBanner>
            <Announcement />
            {account !== null && account.role !== "reader" && <ReportToast userId={account.id} />}
          </PageBanner>
          <Masthead>
            <Tools account={account} themeSwitch={<ThemeSwitch initial={theme} />} />
          </Masthead>
          <main id="content" tabIndex={-1} className="page-frame pt-10 focus:outline-none sm:pt-14">
            {/* Takes no space, so that the page does not move when it becomes live. */}
            <div
              data-page-read
              className="relative -top-9.5 flex h-0 justify-end gap-x-1 sm:-top-13"
            >
              <PageReadTime renderedAtMs={Date.now()} headerKeys={headerKeys} />
              {account === null && env().transport !== "pull" && (
                <p className="text-xs text-ink-faint">· Sign in for live updates</p>
              )}
            </div>
            {children}
          </main>
          <Colophon>
            <Shortcuts role={account?.role ?? null} />
          </Colophon>
        </Providers>
      </body>
    </html>
  );
}
