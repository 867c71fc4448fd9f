/** How the axes of charts write their labels. */
export const axisText = { fill: "var(--color-ink-faint)", fontSize: 12 };
