"use client";

import { usePathname } from "next/navigation";
import { useRealtimeState } from "querycast/react";
import { type ReactNode, useEffect, useRef } from "react";
import { canAct, checkSession, followSession, type PageStatus } from "@/lib/pages/page-status.ts";
import { usePageStatus } from "@/ui/data/use-page-status.ts";
import { buttonStyle } from "@/ui/forms/button.tsx";

/**
 * The banners at the bottom of the window: the children, and why the page can no longer act for the account it was
 * rendered for, with the next step.
 */
export function PageBanner({ children }: { children: ReactNode }) {
  const status = usePageStatus();
  const state = useRealtimeState();
  const pathname = usePathname();
  const shownAt = useRef(pathname);
  const isOver = state.status === "offline" && state.reason === "signed-out";
  const isOwn = canAct(status);

  useEffect(followSession, []);
  useEffect(() => {
    if (isOver) void checkSession();
  }, [isOver]);
  // From here on the server renders for another account than that of the layout.
  useEffect(() => {
    if (!isOwn && shownAt.current !== pathname) location.reload();
    shownAt.current = pathname;
  }, [isOwn, pathname]);

  const text = status.kind === "current" ? null : textOf(status);
  return (
    <div
      data-page-status={status.kind}
      className="pointer-events-none fixed inset-x-4 bottom-4 z-40 flex flex-col items-center gap-2"
    >
      {children}
      {text !== null && (
        <div
          role={isOwn ? "status" : "alert"}
          className="pointer-events-auto flex max-w-2xl flex-wrap items-center gap-x-4 gap-y-2 rounded-sm border border-accent bg-raised px-4 py-2.5 text-sm text-ink shadow-sheet"
        >
          <p>{text.says}</p>
          <a
            href={status.kind === "signed-out" || status.kind === "banned" ? signInHere() : ""}
            className={buttonStyle({ size: "sm" })}
          >
            {text.does}
          </a>
        </div>
      )}
    </div>
  );
}

function signInHere(): string {
  const { pathname, search, hash } = location;
  return `/sign-in?${new URLSearchParams({ next: pathname + search + hash })}`;
}

function textOf(status: Exclude<PageStatus, { kind: "current" }>) {
  switch (status.kind) {
    case "signed-out":
      return { says: "You are signed out. This page may be out of date.", does: "Sign in" };
    case "banned":
      return {
        says: "An admin banned this account.",
        does: "Sign in with another account",
      };
    case "other-viewer":
      return {
        says: `You are now signed in as ${status.name} in this browser.`,
        does: `Reload as ${status.name}`,
      };
    case "outdated":
      return { says: "Inkwell was updated. Your drafts are kept.", does: "Reload" };
    case "not-signed-out":
      return { says: `You may still be signed in. ${status.why}`, does: "Reload" };
  }
}
