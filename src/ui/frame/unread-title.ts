declare global {
  interface Window {
    /**
     * Shows the number of unread notifications before the title of the document. Set by `unreadTitleScript`.
     *
     * @returns takes it away.
     */
    showUnreadInTitle?: (count: number) => () => void;
  }
}

/**
 * Keeps the number before the title when a navigation or the metadata of the page changes it. It is sent as text in the
 * page, because scripts of the page have a limit, and so it uses nothing outside of itself.
 */
function keepUnreadInTitle(): void {
  let count = 0;
  /** The title of the page without the number. */
  let bare = "";
  let shown = "";
  const put = () => {
    const { title } = document;
    if (title === "") return; // between two titles
    if (title !== shown) bare = title;
    const number = count > 99 ? "99+" : count;
    shown = count > 0 ? `(${number}) ${bare}` : bare;
    if (title !== shown) document.title = shown;
  };
  new MutationObserver(put).observe(document.head, {
    childList: true,
    subtree: true,
    characterData: true,
  });
  const show = (next: number) => {
    count = next;
    put();
  };
  window.showUnreadInTitle = (unread) => {
    show(unread);
    return () => show(0);
  };
}

/** An inline script for the beginning of the document. */
export const unreadTitleScript = `(${keepUnreadInTitle})()`;
