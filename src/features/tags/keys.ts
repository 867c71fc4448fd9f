export const tagKeys = {
  top: ["top-tags"] as const,
};
