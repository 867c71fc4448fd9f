"use client";

import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { type Shortcut, shortcutsFor } from "./list.ts";
import { focusComposer, isTaken, mayLeave, stepComment } from "./on-page.ts";
import { type HeldKey, press } from "./press.ts";
import { ShortcutSheet } from "./shortcut-sheet.tsx";

/** Storage key of the setting that disables shortcuts: dictation software types letters. */
const place = "shortcuts";
const off = "off";

/** Handles the shortcuts and opens their list. */
export function Shortcuts({ role }: { role: Parameters<typeof shortcutsFor>[0] }) {
  const router = useRouter();
  const [isOpen, setIsOpen] = useState(false);
  const [isOn, setIsOn] = useState(true);
  const held = useRef<HeldKey | null>(null);
  const shortcuts = shortcutsFor(role);

  const follow = ({ act }: Shortcut) => {
    if (act.type === "go" && mayLeave()) router.push(act.path);
    if (act.type === "step") stepComment(act.by);
    if (act.type === "write") focusComposer();
    if (act.type === "help") setIsOpen(true);
  };
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    // Shift alone precedes the question mark.
    if (!isOn || isTaken(event) || event.key === "Shift") return;
    const pressed = press(shortcuts, held.current, { key: event.key, atMs: event.timeStamp });
    held.current = pressed.held;
    if (pressed.shortcut === null) return;
    event.preventDefault();
    follow(pressed.shortcut);
  });
  useEffect(() => {
    setIsOn(localStorage.getItem(place) !== off);
    const listen = (event: KeyboardEvent) => onKeyDown(event);
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);

  const turn = (on: boolean) => {
    setIsOn(on);
    if (on) localStorage.removeItem(place);
    else localStorage.setItem(place, off);
  };
  return (
    <>
      <button
        type="button"
        onClick={() => setIsOpen(true)}
        className="text-link pointer-coarse:hidden"
      >
        Keyboard shortcuts
      </button>
      {isOpen && (
        <ShortcutSheet
          shortcuts={shortcuts}
          isOn={isOn}
          onTurn={turn}
          onClose={() => setIsOpen(false)}
        />
      )}
    </>
  );
}
