import { type ComponentProps, createElement, type FunctionComponent } from "react";

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
export const icon =
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
