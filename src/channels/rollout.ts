import { liveData } from "./live-data.ts";

export const rollout = liveData({
  title: "Rollout",
  phase: 1,
  on: {
    site: {
      "rollout.changed": undefined,
    },
  },
});
