export const brokerKeys = {
  apps: ["broker-apps"] as const,
};
