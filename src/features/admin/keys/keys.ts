export const brokerKeys = {
  check: (id: string) => ["broker-app-check", id] as const,
  apps: ["broker-apps"] as const,
};
