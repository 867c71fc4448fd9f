import { expect, test } from "vitest";
import { describeDevice } from "./describe-device.ts";

test.each([
  [
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    { device: "Firefox on Linux", isMobile: false },
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    { device: "Safari on iOS", isMobile: true },
  ],
  ["curl", { device: "An unknown device", isMobile: false }],
  ["", { device: "An unknown device", isMobile: false }],
])("a device is named by browser and system: %s", (userAgent, described) => {
  expect(describeDevice(userAgent)).toEqual(described);
});
