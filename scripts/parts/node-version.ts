import { PartError } from "./part-error.ts";

const OLDEST = [20, 12] as const;

/** @throws PartError `node-version`. */
export function demandNode(version: string = process.versions.node): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new PartError(`This is Node ${version}; Node ${OLDEST.join(".")} or newer is needed.`, {
    code: "node-version",
    wayOut: "Install a newer one, e.g. with `nvm install 22`, and run `npm install` again.",
  });
}
