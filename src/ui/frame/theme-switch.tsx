"use client";

import { useState } from "react";
import { type Theme, themeCookie } from "@/lib/theme.ts";
import { Button } from "../forms/button.tsx";
import { Contrast, Moon, Sun } from "../icons.ts";
import { Menu, MenuChoice } from "../overlays/menu.tsx";

const yearSeconds = 365 * 24 * 60 * 60;
const choices = [
  { theme: "system", label: "System", Icon: Contrast },
  { theme: "light", label: "Light", Icon: Sun },
  { theme: "dark", label: "Dark", Icon: Moon },
] as const;

/**
 * Switches between light, dark and system theme. The choice is stored in a cookie, so that the server
 * renders the right theme and the page does not flash.
 */
export function ThemeSwitch({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const choose = (value: Theme) => {
    setTheme(value);
    document.documentElement.dataset.theme = value;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
    document.cookie = `${themeCookie}=${value};path=/;max-age=${yearSeconds};samesite=lax`;
  };
  const { Icon } = choices.find((choice) => choice.theme === theme) ?? choices[0];
  return (
    <Menu
      trigger={
        <Button look="bare" size="icon" aria-label="Colour scheme">
          <Icon aria-hidden />
        </Button>
      }
    >
      {choices.map(({ theme: value, label, Icon: ChoiceIcon }) => (
        <MenuChoice key={value} isChosen={value === theme} onClick={() => choose(value)}>
          <ChoiceIcon aria-hidden />
          {label}
        </MenuChoice>
      ))}
    </Menu>
  );
}
