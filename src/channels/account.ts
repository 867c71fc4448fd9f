import { liveData } from "./live-data.ts";

export const account = liveData({
  title: "Role",
  phase: 1,
  on: {
    user: {
      "role.changed": undefined,
    },
  },
});
