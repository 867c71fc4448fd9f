import { liveData } from "./live-data.ts";

export const brokerApps = liveData({
  title: "Broker keys",
  phase: 1,
  on: {
    site: {
      "keys.changed": undefined,
    },
  },
});
