import { liveData } from "./live-data.ts";

export const profiles = liveData({
  title: "User card",
  phase: 4,
  on: {
    profile: {
      "profile.updated": undefined,
    },
  },
});
