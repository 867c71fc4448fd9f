import Form from "next/form";
import { Button } from "./button.tsx";
import { Input, Select } from "./controls.tsx";
import { inputStyle } from "./text-field.tsx";

interface FilterField {
  readonly name: string;
  readonly label: string;
  readonly type?: "search" | "date" | "number";
  readonly hint?: string;
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
}

interface FilterFormProps {
  readonly action: string;
  readonly fields: readonly FilterField[];
  readonly values: Readonly<Record<string, string | undefined>>;
  /** Default "Show". */
  readonly button?: string;
}

/**
 * A filter form that stores its values in the page's URL, so that the URL can be bookmarked and shared. It
 * works without JavaScript.
 */
export function FilterForm({ action, fields, values, button = "Show" }: FilterFormProps) {
  return (
    <Form action={action} className="flex flex-wrap items-end gap-x-4 gap-y-3">
      {fields.map(({ name, label, type = "search", hint, choices }) => (
        <div key={name} className="min-w-0 grow basis-36">
          <label htmlFor={`filter-${name}`} className="mb-1 block text-xs font-semibold">
            {label}
          </label>
          {choices === undefined ? (
            <Input
              id={`filter-${name}`}
              name={name}
              type={type}
              defaultValue={values[name] ?? ""}
              placeholder={hint}
              autoComplete="off"
              className={`${inputStyle} h-9 text-sm`}
            />
          ) : (
            <Select
              id={`filter-${name}`}
              name={name}
              defaultValue={values[name] ?? ""}
              className={`${inputStyle} h-9 text-sm`}
            >
              {choices.map((choice) => (
                <option key={choice.value} value={choice.value}>
                  {choice.label}
                </option>
              ))}
            </Select>
          )}
        </div>
      ))}
      <Button type="submit" size="sm" className="h-9">
        {button}
      </Button>
    </Form>
  );
}
