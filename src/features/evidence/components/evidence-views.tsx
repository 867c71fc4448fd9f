import { Choices } from "@/ui/forms/choices.tsx";

export type EvidenceView = "log" | "timeline" | "figures";

interface EvidenceViewsProps {
  readonly current: EvidenceView;
  readonly hrefs: Readonly<Record<EvidenceView, string>>;
}

/** The links between the views of an evidence log. */
export function EvidenceViews({ current, hrefs }: EvidenceViewsProps) {
  const link = (view: EvidenceView, label: string) => ({
    href: hrefs[view],
    label,
    isCurrent: view === current,
  });
  return (
    <Choices
      label="Views of the evidence log"
      choices={[
        link("log", "Log, last ingest first"),
        link("timeline", "Timeline of events"),
        link("figures", "Figures over time"),
      ]}
    />
  );
}
