"use client";

/** `querycast/devtools`: a panel for development. Import it lazily and only in development. */
export {
  type EarlierEvent,
  QuerycastDevtools,
  type QuerycastDevtoolsProps,
} from "./devtools/querycast-devtools.tsx";
