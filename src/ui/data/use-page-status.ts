"use client";

import { useSyncExternalStore } from "react";
import {
  canAct,
  getPageStatus,
  getServerPageStatus,
  onPageStatusChange,
  type PageStatus,
} from "@/lib/pages/page-status.ts";

/** Whether the page can still act for the account it was rendered for. */
export function usePageStatus(): PageStatus {
  return useSyncExternalStore(onPageStatusChange, getPageStatus, getServerPageStatus);
}

/**
 * False when the server would refuse every action of this page because another account, or none, is signed
 * in.
 */
export function useCanAct(): boolean {
  return canAct(usePageStatus());
}
