export const rolloutKeys = {
  settings: ["rollout-settings"] as const,
};
