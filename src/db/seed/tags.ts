/** Slug, name and description of each tag of the seeded Inkwell. */
export const tags: readonly (readonly [slug: string, name: string, description: string])[] = [
  [
    "postgres",
    "Postgres",
    "The database that does what it promises, once you know what it promised.",
  ],
  ["types", "Types", "Letting the compiler remember what you have already found out."],
  [
    "debugging",
    "Debugging",
    "Stories with a culprit, told by the people who looked everywhere else first.",
  ],
  ["typography", "Typography", "Measure, leading and figures, for text that wants to be read."],
  ["testing", "Testing", "Promises a program makes, and ways to notice when it breaks one."],
  ["tools", "Tools", "Small programs that do one thing, and the case for leaving them small."],
  ["caching", "Caching", "Remembering on purpose, forgetting on time."],
  ["accessibility", "Accessibility", "Pages that work for the person who is actually there."],
  [
    "careers",
    "Careers",
    "What nobody tells you at the beginning, by people who wish they had been told.",
  ],
  ["code-review", "Code review", "Reading each other's work, with care for whoever reads it next."],
  ["keyboards", "Keyboards", "The tool under your hands. Layouts, wrists, and habits."],
  ["maintenance", "Maintenance", "Keeping software alive long after the ribbon was cut."],
  ["performance", "Performance", "Where the time goes, measured before it is blamed."],
  ["css", "CSS", "Layout, colour and type in the language of the browser."],
  ["concurrency", "Concurrency", "Two things at once, and what each may believe about the other."],
  ["writing", "Writing", "Words in the interface, in the commit, and in the margin."],
];
