"use client";

import "./globals.css";

/** Shown when the root layout itself cannot be rendered, e.g. because the database is unreachable. */
export default function GlobalError({ reset }: { reset: () => void }) {
  return (
    <html lang="en">
      <body className="grid min-h-dvh place-items-center p-6 text-center">
        <title>Inkwell is unavailable</title>
        <main>
          <h1 className="font-serif text-2xl font-medium">Inkwell is unavailable at the moment</h1>
          <p className="mt-2 text-ink-soft">Its pages cannot be loaded. Try again in a minute.</p>
          <button
            type="button"
            onClick={reset}
            className="mt-6 h-10 rounded-sm bg-ink px-4 font-semibold text-on-ink"
          >
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
