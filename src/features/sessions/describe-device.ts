import Bowser from "bowser";

/** A name for the device of a user agent: "Firefox on Linux". */
export function describeDevice(userAgent: string): { device: string; isMobile: boolean } {
  if (userAgent === "") return { device: "An unknown device", isMobile: false };
  const { browser, os, platform } = Bowser.parse(userAgent);
  const names = [browser.name, os.name].filter((name) => name !== undefined && name !== "");
  const isMobile = platform.type === "mobile" || platform.type === "tablet";
  return { device: names.join(" on ") || "An unknown device", isMobile };
}
