import { articleLimits } from "@/lib/article-limits.ts";
import { cn } from "@/lib/cn.ts";
import { Input } from "@/ui/forms/controls.tsx";
import type { TagChoice } from "../write/draft-schema.ts";

interface TagPickerProps {
  readonly tags: readonly TagChoice[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Checkboxes for tags, up to the limit of an article. */
export function TagPicker({ tags, chosen, onChange }: TagPickerProps) {
  const isFull = chosen.length >= articleLimits.tags;
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-semibold">
        Tags{" "}
        <span className="ml-1 text-xs font-normal text-ink-faint tabular-nums">
          {chosen.length} of at most {articleLimits.tags}
        </span>
      </legend>
      <div className="flex flex-wrap gap-2">
        {tags.map(({ id, name }) => {
          const isChosen = chosen.includes(id);
          return (
            <label
              key={id}
              className={cn(
                "cursor-pointer rounded-sm border border-rule px-2.5 py-1 text-xs text-ink-soft select-none hover:border-ink",
                "has-checked:border-ink has-checked:bg-ink has-checked:text-on-ink",
                "has-disabled:cursor-default has-disabled:border-rule has-disabled:text-ink-faint",
                "has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus",
              )}
            >
              <Input
                type="checkbox"
                className="sr-only"
                checked={isChosen}
                disabled={isFull && !isChosen}
                onChange={() =>
                  onChange(isChosen ? chosen.filter((each) => each !== id) : [...chosen, id])
                }
              />
              {name}
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
