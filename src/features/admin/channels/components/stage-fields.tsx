import { useId } from "react";
import { type Audience, audiences } from "@/channels/audiences.ts";
import { Input, Select } from "@/ui/forms/controls.tsx";
import { inputStyle } from "@/ui/forms/text-field.tsx";
import type { ChannelRow } from "./channel-rows.ts";
import { stageWords } from "./stage-words.ts";
import type { StageTexts } from "./use-stage-change.ts";

interface StageFieldsProps {
  readonly row: ChannelRow;
  readonly texts: StageTexts;
  readonly onChange: (texts: Partial<StageTexts>) => void;
}

/** The rollout of a phase or a kind, its percentage, and the audience of a kind. */
export function StageFields({ row, texts, onChange }: StageFieldsProps) {
  const { stage, isSet, audience } = row;
  const { choice, percent, narrowed } = texts;
  const id = useId();
  return (
    <div className="flex flex-wrap items-end gap-3">
      <div className="grow">
        <label htmlFor={`${id}-stage`} className={labelStyle}>
          Rollout
        </label>
        <Select
          id={`${id}-stage`}
          value={choice}
          onChange={(event) => onChange({ choice: event.target.value as StageTexts["choice"] })}
          className={`${inputStyle} h-9 text-sm`}
        >
          <option value="off">Off</option>
          <option value="staff">Staff only</option>
          <option value="percent">Percentage of people</option>
          <option value="on">On</option>
          <option value="start">
            {isSet ? "Default" : `Default (${stageWords(stage).toLowerCase()})`}
          </option>
        </Select>
      </div>
      {choice === "percent" && (
        <PercentField percent={percent} onChange={(next) => onChange({ percent: next })} />
      )}
      {audience !== undefined && (
        <AudienceField value={narrowed} onChange={(next) => onChange({ narrowed: next })} />
      )}
    </div>
  );
}

interface PercentFieldProps {
  readonly percent: number;
  readonly onChange: (percent: number) => void;
}

function PercentField({ percent, onChange }: PercentFieldProps) {
  const id = useId();
  return (
    <div className="flex items-center gap-1.5">
      <label htmlFor={id} className="sr-only">
        Percentage of people
      </label>
      <Input
        id={id}
        type="number"
        min={0}
        max={100}
        step={1}
        required
        value={Number.isNaN(percent) ? "" : percent}
        onChange={(event) => onChange(event.target.valueAsNumber)}
        className={`${inputStyle} h-9 w-20 text-sm`}
      />
      <span aria-hidden>%</span>
    </div>
  );
}

interface AudienceFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function AudienceField({ value, onChange }: AudienceFieldProps) {
  const id = useId();
  return (
    <div className="grow">
      <label htmlFor={id} className={labelStyle}>
        Audience
      </label>
      <Select
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={`${inputStyle} h-9 text-sm`}
      >
        {audiences.map((each) => (
          <option key={each} value={each}>
            {audienceLabels[each]}
          </option>
        ))}
      </Select>
    </div>
  );
}

const labelStyle = "mb-1.5 block text-sm font-semibold";

const audienceLabels: Readonly<Record<Audience, string>> = {
  everyone: "All readers",
  authors: "Authors only",
  staff: "Staff only",
};
