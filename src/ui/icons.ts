import { type ComponentProps, createElement, type FunctionComponent } from "react";

/*
 * The shapes are those of Lucide 1.75 (https://lucide.dev): ISC License, Copyright (c) Lucide Icons and
 * Contributors; some are from Feather: MIT License, Copyright (c) Cole Bemis. A test compares them with the
 * package lucide-react, whose components weigh 2.5 kB more on a page.
 */

export type Icon = FunctionComponent<ComponentProps<"svg">>;

/** The `d` of a path, or another element with its attributes. */
type Shape = string | readonly [tag: string, attributes: Readonly<Record<string, string>>];

const outline = {
  xmlns: "http://www.w3.org/2000/svg",
  width: 24,
  height: 24,
  viewBox: "0 0 24 24",
  fill: "none",
  stroke: "currentColor",
  strokeWidth: 2,
  strokeLinecap: "round",
  strokeLinejoin: "round",
};

/** Creates an icon. It is hidden from screen readers, so it needs a text label. */
const icon =
  (...shapes: readonly Shape[]): Icon =>
  (props) =>
    createElement(
      "svg",
      { ...outline, "aria-hidden": true, ...props },
      ...shapes.map((shape) =>
        // biome-ignore lint/correctness/useJsxKeyInIterable: passed as arguments, not as a list
        typeof shape === "string" ? createElement("path", { d: shape }) : createElement(...shape),
      ),
    );

export const ArrowDown = /* @__PURE__ */ icon("M12 5v14", "m19 12-7 7-7-7");

export const ArrowUp = /* @__PURE__ */ icon("m5 12 7-7 7 7", "M12 19V5");

export const Bell = /* @__PURE__ */ icon(
  "M10.268 21a2 2 0 0 0 3.464 0",
  "M3.262 15.326A1 1 0 0 0 4 17h16a1 1 0 0 0 .74-1.673C19.41 13.956 18 12.499 18 8A6 6 0 0 0 6 8c0 4.499-1.411 5.956-2.738 7.326",
);

export const BellPlus = /* @__PURE__ */ icon(
  "M10.268 21a2 2 0 0 0 3.464 0",
  "M15 8h6",
  "M18 5v6",
  "M20.002 14.464a9 9 0 0 0 .738.863A1 1 0 0 1 20 17H4a1 1 0 0 1-.74-1.673C4.59 13.956 6 12.499 6 8a6 6 0 0 1 8.75-5.332",
);

export const BellRing = /* @__PURE__ */ icon(
  "M10.268 21a2 2 0 0 0 3.464 0",
  "M22 8c0-2.3-.8-4.3-2-6",
  "M3.262 15.326A1 1 0 0 0 4 17h16a1 1 0 0 0 .74-1.673C19.41 13.956 18 12.499 18 8A6 6 0 0 0 6 8c0 4.499-1.411 5.956-2.738 7.326",
  "M4 2C2.8 3.7 2 5.7 2 8",
);

export const Bookmark = /* @__PURE__ */ icon(
  "M17 3a2 2 0 0 1 2 2v15a1 1 0 0 1-1.496.868l-4.512-2.578a2 2 0 0 0-1.984 0l-4.512 2.578A1 1 0 0 1 5 20V5a2 2 0 0 1 2-2z",
);

export const BookOpen = /* @__PURE__ */ icon(
  "M12 5v16",
  "M20.001 19A2 2 0 0022 17V5a2 2 0 00-1.999-2L16 3.002A5 5 0 0012 5a5 5 0 00-4-2H4a2 2 0 00-2 2v12a2 2 0 001.999 2H8a5 5 0 014 2 5 5 0 014-2z",
);

export const ChartNoAxesColumn = /* @__PURE__ */ icon("M5 21v-6", "M12 21V3", "M19 21V9");

export const Check = /* @__PURE__ */ icon("M20 6 9 17l-5-5");

export const ChevronRight = /* @__PURE__ */ icon("m9 18 6-6-6-6");

export const Contrast = /* @__PURE__ */ icon(
  ["circle", { cx: "12", cy: "12", r: "10" }],
  "M12 18a6 6 0 0 0 0-12v12z",
);

export const Copy = /* @__PURE__ */ icon(
  ["rect", { width: "14", height: "14", x: "8", y: "8", rx: "2", ry: "2" }],
  "M4 16c-1.1 0-2-.9-2-2V4c0-1.1.9-2 2-2h10c1.1 0 2 .9 2 2",
);

export const FileCode = /* @__PURE__ */ icon(
  "M6 22a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h8a2.4 2.4 0 0 1 1.704.706l3.588 3.588A2.4 2.4 0 0 1 20 8v12a2 2 0 0 1-2 2z",
  "M14 2v5a1 1 0 0 0 1 1h5",
  "M10 12.5 8 15l2 2.5",
  "m14 12.5 2 2.5-2 2.5",
);

export const Gauge = /* @__PURE__ */ icon("m12 14 4-4", "M3.34 19a10 10 0 1 1 17.32 0");

export const HandHeart = /* @__PURE__ */ icon(
  "M11 14h2a2 2 0 0 0 0-4h-3c-.6 0-1.1.2-1.4.6L3 16",
  "m14.45 13.39 5.05-4.694C20.196 8 21 6.85 21 5.75a2.75 2.75 0 0 0-4.797-1.837.276.276 0 0 1-.406 0A2.75 2.75 0 0 0 11 5.75c0 1.2.802 2.248 1.5 2.946L16 11.95",
  "m2 15 6 6",
  "m7 20 1.6-1.4c.3-.4.8-.6 1.4-.6h4c1.1 0 2.1-.4 2.8-1.2l4.6-4.4a1 1 0 0 0-2.75-2.91",
);

export const Heart = /* @__PURE__ */ icon(
  "M2 9.5a5.5 5.5 0 0 1 9.591-3.676.56.56 0 0 0 .818 0A5.49 5.49 0 0 1 22 9.5c0 2.29-1.5 4-3 5.5l-5.492 5.313a2 2 0 0 1-3 .019L5 15c-1.5-1.5-3-3.2-3-5.5",
);

export const CircleQuestionMark = /* @__PURE__ */ icon(
  ["circle", { cx: "12", cy: "12", r: "10" }],
  "M9 9.5a3 2.5 0 016 0c0 2-2 2-3 3.5",
  "M12 17h.01",
);

export const Laugh = /* @__PURE__ */ icon(
  "M15 10V9",
  "M7.084 14.302a5.12 5.12 0 009.833 0 .24.24 0 00-.235-.302H7.32a.24.24 0 00-.235.302",
  "M9 10V9",
  ["circle", { cx: "12", cy: "12", r: "10" }],
);

export const Lightbulb = /* @__PURE__ */ icon(
  "M15 14c.2-1 .7-1.7 1.5-2.5 1-.9 1.5-2.2 1.5-3.5A6 6 0 0 0 6 8c0 1 .2 2.2 1.5 3.5.7.7 1.3 1.5 1.5 2.5",
  "M9 18h6",
  "M10 22h4",
);

export const LogOut = /* @__PURE__ */ icon(
  "m16 17 5-5-5-5",
  "M21 12H9",
  "M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4",
);

export const Monitor = /* @__PURE__ */ icon(
  ["rect", { width: "20", height: "14", x: "2", y: "3", rx: "2" }],
  ["line", { x1: "8", x2: "16", y1: "21", y2: "21" }],
  ["line", { x1: "12", x2: "12", y1: "17", y2: "21" }],
);

export const Moon = /* @__PURE__ */ icon(
  "M20.985 12.486a9 9 0 1 1-9.473-9.472c.405-.022.617.46.402.803a6 6 0 0 0 8.268 8.268c.344-.215.825-.004.803.401",
);

export const PenLine = /* @__PURE__ */ icon(
  "M13 21h8",
  "M21.174 6.812a1 1 0 0 0-3.986-3.987L3.842 16.174a2 2 0 0 0-.5.83l-1.321 4.352a.5.5 0 0 0 .623.622l4.353-1.32a2 2 0 0 0 .83-.497z",
);

export const Settings = /* @__PURE__ */ icon(
  "M9.671 4.136a2.34 2.34 0 0 1 4.659 0 2.34 2.34 0 0 0 3.319 1.915 2.34 2.34 0 0 1 2.33 4.033 2.34 2.34 0 0 0 0 3.831 2.34 2.34 0 0 1-2.33 4.033 2.34 2.34 0 0 0-3.319 1.915 2.34 2.34 0 0 1-4.659 0 2.34 2.34 0 0 0-3.32-1.915 2.34 2.34 0 0 1-2.33-4.033 2.34 2.34 0 0 0 0-3.831A2.34 2.34 0 0 1 6.35 6.051a2.34 2.34 0 0 0 3.319-1.915",
  ["circle", { cx: "12", cy: "12", r: "3" }],
);

export const Smartphone = /* @__PURE__ */ icon(
  ["rect", { width: "14", height: "20", x: "5", y: "2", rx: "2", ry: "2" }],
  "M12 18h.01",
);

export const SmilePlus = /* @__PURE__ */ icon(
  "M13.267 2.08a10 10 0 108.653 8.653",
  "M15 10V9",
  "M16 5h6",
  "M16.472 15a6 6 0 01-8.943 0",
  "M19 2v6",
  "M9 10V9",
);

export const Sparkles = /* @__PURE__ */ icon(
  "M11.017 2.814a1 1 0 0 1 1.966 0l1.051 5.558a2 2 0 0 0 1.594 1.594l5.558 1.051a1 1 0 0 1 0 1.966l-5.558 1.051a2 2 0 0 0-1.594 1.594l-1.051 5.558a1 1 0 0 1-1.966 0l-1.051-5.558a2 2 0 0 0-1.594-1.594l-5.558-1.051a1 1 0 0 1 0-1.966l5.558-1.051a2 2 0 0 0 1.594-1.594z",
  "M20 2v4",
  "M22 4h-4",
  ["circle", { cx: "4", cy: "20", r: "2" }],
);

export const Sun = /* @__PURE__ */ icon(
  ["circle", { cx: "12", cy: "12", r: "4" }],
  "M12 2v2",
  "M12 20v2",
  "m4.93 4.93 1.41 1.41",
  "m17.66 17.66 1.41 1.41",
  "M2 12h2",
  "M20 12h2",
  "m6.34 17.66-1.41 1.41",
  "m19.07 4.93-1.41 1.41",
);

export const ThumbsUp = /* @__PURE__ */ icon(
  "M15 5.88 14 10h5.83a2 2 0 0 1 1.92 2.56l-2.33 8A2 2 0 0 1 17.5 22H4a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2h2.76a2 2 0 0 0 1.79-1.11L12 2a3.13 3.13 0 0 1 3 3.88Z",
  "M7 10v12",
);

export const User = /* @__PURE__ */ icon("M19 21v-2a4 4 0 0 0-4-4H9a4 4 0 0 0-4 4v2", [
  "circle",
  { cx: "12", cy: "7", r: "4" },
]);

export const X = /* @__PURE__ */ icon("M18 6 6 18", "m6 6 12 12");
