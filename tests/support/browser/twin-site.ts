import { type RunningSite, startSite } from "../../../scripts/site/site.ts";

/**
 * Starts another process of a site, on its database, broker and jobs.
 *
 * @param variables the environment of the first process
 * @param log called with each line that the process prints
 */
export async function startTwin(
  variables: Readonly<Record<string, string>>,
  port: number,
  log: (line: string) => void = () => {},
): Promise<RunningSite> {
  const { NEXTAUTH_URL: _other, ...shared } = variables;
  return startSite({
    mode: "production",
    say: () => {},
    log,
    variables: { ...shared, PORT: String(port) },
  });
}

/** The URL of the process that serves a role, where it is not the first one. */
const homes = new Map<string, string>();

/** Serves the pages of a role from a process. `null`: from the first one. */
export function serveRoleFrom(role: string, url: string | null): void {
  if (url === null) homes.delete(role);
  else homes.set(role, url);
}

/** Options of a browser context for the process that serves a role. */
export function homeOf(role: string): { readonly baseURL?: string } {
  const baseURL = homes.get(role);
  return baseURL === undefined ? {} : { baseURL };
}
