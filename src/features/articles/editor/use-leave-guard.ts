"use client";

import { useEffect } from "react";

const question = "You have unsaved changes. They are kept in this browser. Leave the page?";

/** Asks for confirmation before the page is left, by closing it or by a link, while `isUnsaved`. */
export function useLeaveGuard(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    // In the capture phase, before the router navigates without unloading the page.
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      const isElsewhere =
        link === null ||
        link.getAttribute("target") === "_blank" ||
        link.getAttribute("href")?.startsWith("#") ||
        [event.metaKey, event.ctrlKey, event.shiftKey, event.button !== 0].includes(true);
      if (isElsewhere || window.confirm(question)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener("beforeunload", onUnload);
    document.addEventListener("click", onClick, { capture: true });
    return () => {
      window.removeEventListener("beforeunload", onUnload);
      document.removeEventListener("click", onClick, { capture: true });
    };
  }, [isUnsaved]);
}
