import { Choices } from "@/ui/forms/choices.tsx";

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
