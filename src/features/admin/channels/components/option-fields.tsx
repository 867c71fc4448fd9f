import { type KindOptions, kindOptionBounds } from "querycast";
import type { FieldErrors } from "@/lib/errors/app-error.ts";
import { TextField } from "@/ui/forms/text-field.tsx";

/** The text of the fields. */
export type OptionTexts = Readonly<Record<keyof KindOptions, string>>;

export const toTexts = ({ framesPerSecond, replayAtMost }: KindOptions): OptionTexts => ({
  framesPerSecond: framesPerSecond?.toString() ?? "",
  replayAtMost: replayAtMost?.toString() ?? "",
});

/** Invalid numbers are sent as NaN, and the server returns the error. */
export const toOptions = ({ framesPerSecond, replayAtMost }: OptionTexts) => ({
  framesPerSecond: toNumber(framesPerSecond),
  replayAtMost: toNumber(replayAtMost),
});

const toNumber = (text: string) => (text.trim() === "" ? null : Number(text));

const { framesPerSecond, replayAtMost } = kindOptionBounds;
const fields = [
  {
    name: "framesPerSecond",
    label: "Max messages per second",
    hint: `Per channel, ${framesPerSecond.least} to ${framesPerSecond.most}. Leave empty for no limit.`,
  },
  {
    name: "replayAtMost",
    label: "Max signals replayed",
    hint: `${replayAtMost.least} to ${replayAtMost.most}. After more missed signals, pages refetch. Default ${replayAtMost.most}.`,
  },
] as const;

interface OptionFieldsProps {
  readonly texts: OptionTexts;
  readonly errors: FieldErrors;
  /** Called with the changed field only. */
  readonly onChange: (text: Partial<OptionTexts>) => void;
}

/** Limits of a kind of channels. */
export function OptionFields({ texts, errors, onChange }: OptionFieldsProps) {
  return (
    <div className="grid grid-cols-2 gap-3">
      {fields.map(({ name, label, hint }) => (
        <TextField
          key={name}
          name={name}
          label={label}
          hint={hint}
          errors={errors[name]}
          inputMode="numeric"
          autoComplete="off"
          maxLength={6}
          value={texts[name]}
          onChange={(event) => onChange({ [name]: event.target.value })}
        />
      ))}
    </div>
  );
}
