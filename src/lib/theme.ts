const themes = ["system", "light", "dark"] as const;

/** The colour scheme a person chose; `system` follows the device. */
export type Theme = (typeof themes)[number];

export const themeCookie = "theme";

function isTheme(value: unknown): value is Theme {
  return themes.some((theme) => theme === value);
}

/** The theme of a cookie, or `system` for any other value. */
export function parseTheme(value: unknown): Theme {
  return isTheme(value) ? value : "system";
}
