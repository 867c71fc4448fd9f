"use client";

/** `querycast/devtools`: a panel for development. Load it lazily, and in development only. */
export {
  type EarlierEvent,
  QuerycastDevtools,
  type QuerycastDevtoolsProps,
} from "./devtools/querycast-devtools.tsx";
