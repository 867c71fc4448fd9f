import { Choices } from "@/ui/choices.tsx";

/** The parts of the settings. */
export function SettingsNav({ current }: { current: "profile" | "sessions" }) {
  return (
    <Choices
      label="Settings"
      choices={[
        { href: "/settings", label: "You", isCurrent: current === "profile" },
        { href: "/settings/sessions", label: "Devices", isCurrent: current === "sessions" },
      ]}
    />
  );
}
