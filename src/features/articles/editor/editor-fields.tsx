import { articleLimits } from "@/lib/article-limits.ts";
import { cn } from "@/lib/cn.ts";
import { Input, TextBox } from "@/ui/forms/controls.tsx";
import { growingStyle, inputStyle } from "@/ui/forms/text-field.tsx";
import type { ArticleText, TagChoice } from "../write/draft-schema.ts";
import { toSlug } from "../write/to-slug.ts";
import { Counter } from "./counter.tsx";
import { Field } from "./field.tsx";
import { TagPicker } from "./tag-picker.tsx";

interface EditorFieldsProps {
  readonly text: ArticleText;
  readonly tags: readonly TagChoice[];
  readonly isPublished: boolean;
  readonly errorsOf: (field: keyof ArticleText) => readonly string[];
  readonly onChange: (patch: Partial<ArticleText>) => void;
}

/** The fields of an article. */
export function EditorFields({ text, tags, isPublished, errorsOf, onChange }: EditorFieldsProps) {
  const changeTitle = (title: string) => {
    // The slug follows the title until the author changes it or the article is published.
    const follows = !isPublished && text.slug === toSlug(text.title);
    onChange(follows ? { title, slug: toSlug(title) } : { title });
  };
  return (
    <>
      <Field
        label="Title"
        errors={errorsOf("title")}
        counter={(hintId) => (
          <Counter id={hintId} length={text.title.trim().length} limit={articleLimits.title} />
        )}
      >
        {(props) => (
          <Input
            {...props}
            value={text.title}
            onChange={(event) => changeTitle(event.target.value)}
            autoComplete="off"
            className={cn(inputStyle, "h-13 font-serif text-xl font-medium")}
          />
        )}
      </Field>
      <Field
        label="Summary"
        hint="One or two sentences. Shown in lists and above the text."
        errors={errorsOf("excerpt")}
        counter={(hintId) => (
          <Counter id={hintId} length={text.excerpt.trim().length} limit={articleLimits.excerpt} />
        )}
      >
        {(props) => (
          <TextBox
            {...props}
            rows={2}
            value={text.excerpt}
            onChange={(event) => onChange({ excerpt: event.target.value })}
            className={cn(inputStyle, growingStyle, "resize-none py-2 font-serif text-lg")}
          />
        )}
      </Field>
      <Field
        label="Text"
        hint="Markdown. Press Ctrl+S or ⌘S to save."
        errors={errorsOf("body")}
        counter={(hintId) => (
          <Counter id={hintId} length={text.body.length} limit={articleLimits.body} />
        )}
      >
        {(props) => (
          <TextBox
            {...props}
            value={text.body}
            onChange={(event) => onChange({ body: event.target.value })}
            spellCheck
            className={cn(
              inputStyle,
              growingStyle,
              "min-h-[55vh] resize-y py-3 font-mono text-sm leading-relaxed",
            )}
          />
        )}
      </Field>
      <TagPicker
        tags={tags}
        chosen={text.tagIds}
        onChange={(tagIds) => onChange({ tagIds: [...tagIds] })}
      />
      <SlugField
        slug={text.slug}
        isPublished={isPublished}
        errors={errorsOf("slug")}
        onChange={(slug) => onChange({ slug })}
      />
    </>
  );
}

interface SlugFieldProps {
  readonly slug: string;
  readonly isPublished: boolean;
  readonly errors: readonly string[];
  readonly onChange: (slug: string) => void;
}

function SlugField({ slug, isPublished, errors, onChange }: SlugFieldProps) {
  return (
    <Field
      label="URL"
      hint={
        isPublished
          ? "The part after /articles/. It stays the same when you change the title."
          : "The part after /articles/. It is made from the title until you change it."
      }
      errors={errors}
    >
      {(props) => (
        <Input
          {...props}
          value={slug}
          readOnly={isPublished}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
          className={cn(inputStyle, "h-11 font-mono text-sm read-only:bg-sunk")}
        />
      )}
    </Field>
  );
}
