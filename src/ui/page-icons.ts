import { icon } from "./icon.ts";

/* Icons of single pages. Their shapes have the sources and licences of those in icons.ts. */

export const ArrowUp = /* @__PURE__ */ icon("m5 12 7-7 7 7", "M12 19V5");

export const Copy = /* @__PURE__ */ icon(
  ["rect", { width: "14", height: "14", x: "8", y: "8", rx: "2", ry: "2" }],
  "M4 16c-1.1 0-2-.9-2-2V4c0-1.1.9-2 2-2h10c1.1 0 2 .9 2 2",
);

export const CircleQuestionMark = /* @__PURE__ */ icon(
  ["circle", { cx: "12", cy: "12", r: "10" }],
  "M9 9.5a3 2.5 0 016 0c0 2-2 2-3 3.5",
  "M12 17h.01",
);

export const Monitor = /* @__PURE__ */ icon(
  ["rect", { width: "20", height: "14", x: "2", y: "3", rx: "2" }],
  ["line", { x1: "8", x2: "16", y1: "21", y2: "21" }],
  ["line", { x1: "12", x2: "12", y1: "17", y2: "21" }],
);

export const Smartphone = /* @__PURE__ */ icon(
  ["rect", { width: "14", height: "20", x: "5", y: "2", rx: "2", ry: "2" }],
  "M12 18h.01",
);

export const X = /* @__PURE__ */ icon("M18 6 6 18", "m6 6 12 12");
