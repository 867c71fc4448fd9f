/**
 * `querycast/drizzle`: tables whose changes publish signals by triggers. A separate entry because `drizzle-orm` is an
 * optional peer dependency. Server only: never imported by a browser.
 */
export type { CaptureOptions, IdFrom, ParentColumn } from "./capture/capture-options.ts";
export { type CaptureSqlOptions, captureSql } from "./capture/capture-sql.ts";
export { captureTable, fromParent } from "./capture/capture-table.ts";
export type { TableCapture } from "./capture/table-capture.ts";
