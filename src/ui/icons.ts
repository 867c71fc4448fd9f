import { type ComponentProps, createElement, type FunctionComponent } from "react";
import sprite from "./icons.svg";

export type Icon = FunctionComponent<ComponentProps<"svg">>;

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
  "aria-hidden": true,
} as const;

/**
 * Creates an icon whose shape is a symbol of `icons.svg`. A browser loads that file once, and no page has the shapes in
 * its scripts. The icon is hidden from screen readers, so it needs a text label.
 */
const icon =
  (symbol: string): Icon =>
  (props) =>
    createElement(
      "svg",
      { ...outline, ...props },
      createElement("use", { href: `${sprite.src}#${symbol}` }),
    );

export const ArrowDown = /* @__PURE__ */ icon("arrow-down");
export const ArrowUp = /* @__PURE__ */ icon("arrow-up");
export const Bell = /* @__PURE__ */ icon("bell");
export const BellPlus = /* @__PURE__ */ icon("bell-plus");
export const BellRing = /* @__PURE__ */ icon("bell-ring");
export const BookOpen = /* @__PURE__ */ icon("book-open");
export const Bookmark = /* @__PURE__ */ icon("bookmark");
export const ChartNoAxesColumn = /* @__PURE__ */ icon("chart-no-axes-column");
export const Check = /* @__PURE__ */ icon("check");
export const ChevronRight = /* @__PURE__ */ icon("chevron-right");
export const CircleQuestionMark = /* @__PURE__ */ icon("circle-question-mark");
export const Contrast = /* @__PURE__ */ icon("contrast");
export const Copy = /* @__PURE__ */ icon("copy");
export const FileCode = /* @__PURE__ */ icon("file-code");
export const Gauge = /* @__PURE__ */ icon("gauge");
export const HandHeart = /* @__PURE__ */ icon("hand-heart");
export const Heart = /* @__PURE__ */ icon("heart");
export const Laugh = /* @__PURE__ */ icon("laugh");
export const Lightbulb = /* @__PURE__ */ icon("lightbulb");
export const LogOut = /* @__PURE__ */ icon("log-out");
export const Monitor = /* @__PURE__ */ icon("monitor");
export const Moon = /* @__PURE__ */ icon("moon");
export const PenLine = /* @__PURE__ */ icon("pen-line");
export const Settings = /* @__PURE__ */ icon("settings");
export const Smartphone = /* @__PURE__ */ icon("smartphone");
export const SmilePlus = /* @__PURE__ */ icon("smile-plus");
export const Sparkles = /* @__PURE__ */ icon("sparkles");
export const Sun = /* @__PURE__ */ icon("sun");
export const ThumbsUp = /* @__PURE__ */ icon("thumbs-up");
export const User = /* @__PURE__ */ icon("user");
export const X = /* @__PURE__ */ icon("x");
