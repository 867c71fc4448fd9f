import { unstable_rethrow } from "next/navigation";
import { pageStamp } from "./page-viewer.ts";

/** Whether the page can still act for the account it was rendered for. */
export type PageStatus =
  | { readonly kind: "current" }
  /** The session has ended. */
  | { readonly kind: "signed-out" }
  /** The session has ended because the account is banned. */
  | { readonly kind: "banned" }
  /** Another account is signed in in this browser; `name` is its name. */
  | { readonly kind: "other-viewer"; readonly name: string }
  /** The server runs another release, which does not have the actions of this page. */
  | { readonly kind: "outdated" }
  /** A sign-out was not confirmed; `why` says the reason in a sentence. */
  | { readonly kind: "not-signed-out"; readonly why: string };

const foreign: ReadonlySet<PageStatus["kind"]> = new Set(["signed-out", "banned", "other-viewer"]);

/** False when the server would refuse every action of the page. */
export const canAct = ({ kind }: PageStatus): boolean => !foreign.has(kind);

/** Response of `/api/viewer`: the session of this browser. */
export interface BrowserSession {
  readonly viewerId: string | null;
  readonly name: string | null;
  /** Whether the cookie belongs to a banned account. */
  readonly isBanned: boolean;
  /** The release of the server that responded; empty when it has no name. */
  readonly release: string;
}

const current: PageStatus = { kind: "current" };
const channelName = "inkwell.viewer";
/** A tab that becomes visible checks the session when the last check is older than this. A restored page always checks. */
const checkEveryMs = 15_000;
/** A check runs alone, so one without an answer must end. */
const checkDeadlineMs = 10_000;

let status: PageStatus = current;
let session = 0;
/** The account that was last known to be signed in; undefined before the first answer. */
let lastSeen: string | null | undefined;
let running: Promise<void> | null = null;
/** Whether a sign-out of this page runs. */
let isSigningOut = false;
let checkedAtMs = 0;
let channel: BroadcastChannel | null = null;
const listeners = new Set<() => void>();

export const getPageStatus = (): PageStatus => status;

/** How often the account of the page was signed in again. */
export const getPageSession = (): number => session;

/** The status during rendering on the server. */
export const getServerPageStatus = (): PageStatus => current;

export function onPageStatusChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(next: PageStatus): void {
  if (JSON.stringify(next) === JSON.stringify(status)) return;
  if (!canAct(status) && canAct(next)) session += 1;
  status = next;
  for (const listener of listeners) listener();
}

/** Marks the page as belonging to an earlier release. */
export function noteOutdated(): void {
  change({ kind: "outdated" });
}

/**
 * Signs out the account of this page. The end of the session is not shown as news while the page is replaced.
 * A failure is shown as the status.
 *
 * @param signOut throws the redirect of Next when it succeeds, and else the reason for the person.
 */
export async function signOutOfPage(signOut: () => Promise<void>): Promise<void> {
  if (isSigningOut) return;
  isSigningOut = true;
  try {
    await signOut();
  } catch (error) {
    unstable_rethrow(error);
    isSigningOut = false;
    await checkSession();
    if (status.kind === "current") {
      change({ kind: "not-signed-out", why: error instanceof Error ? error.message : "" });
    }
  }
}

/** Fetches the session of this browser and updates the status. A failed request changes nothing. */
export function checkSession(): Promise<void> {
  running ??= readSession().finally(() => {
    running = null;
  });
  return running;
}

async function readSession(): Promise<void> {
  checkedAtMs = Date.now();
  const signal = AbortSignal.timeout(checkDeadlineMs);
  const answer = await fetch("/api/viewer", { cache: "no-store", signal }).catch(() => null);
  if (answer?.ok !== true) return void (await answer?.text().catch(() => {}));
  const session = (await answer.json().catch(() => null)) as BrowserSession | null;
  if (session !== null && !isSigningOut) noteSession(session);
}

function noteSession({ viewerId, name, isBanned, release }: BrowserSession): void {
  const isNews = lastSeen !== viewerId;
  lastSeen = viewerId;
  const { madeFor } = pageStamp();
  const ownRelease = document.documentElement.dataset.release ?? "";
  if (viewerId === null && madeFor !== null) change({ kind: isBanned ? "banned" : "signed-out" });
  else if (viewerId !== madeFor) change({ kind: "other-viewer", name: name ?? "another account" });
  else if (release !== ownRelease) noteOutdated();
  else if (status.kind !== "outdated") change(current);
  if (isNews) channel?.postMessage(viewerId);
}

/**
 * Keeps the status up to date: other tabs announce who is signed in, and a tab that becomes visible asks
 * the server. A message of another tab only triggers a check. A page that is restored from the back/forward cache has
 * received no messages, so it asks at once.
 *
 * @returns stops it.
 */
export function followSession(): () => void {
  const { madeFor } = pageStamp();
  const opened = new BroadcastChannel(channelName);
  channel = opened;
  lastSeen = madeFor;
  isSigningOut = false;
  if (status.kind !== "outdated") change(current);
  opened.onmessage = ({ data }: MessageEvent<string | null>) => {
    if (data !== lastSeen) void checkSession();
  };
  // Announces the account of this page, since other tabs may show another one.
  opened.postMessage(madeFor);
  const onShow = ({ persisted = false }: Event & { readonly persisted?: boolean }) => {
    const isDue = persisted || Date.now() - checkedAtMs > checkEveryMs;
    if (document.visibilityState === "visible" && isDue) void checkSession();
  };
  document.addEventListener("visibilitychange", onShow);
  window.addEventListener("pageshow", onShow);
  return () => {
    document.removeEventListener("visibilitychange", onShow);
    window.removeEventListener("pageshow", onShow);
    opened.close();
    if (channel === opened) channel = null;
  };
}
