import { Link } from "../link.tsx";

/** The name of the site. Its full stop has the accent colour. */
export function Wordmark() {
  return (
    <Link
      href="/"
      className="font-serif text-[1.75rem] leading-none font-semibold tracking-[-0.045em]"
    >
      Inkwell
      <svg
        aria-hidden="true"
        viewBox="0 0 10 14"
        className="ml-[0.06em] inline-block h-[0.36em] w-auto fill-accent align-baseline"
      >
        <path d="M5 0C6.2 3.4 10 6 10 9.2A5 4.8 0 0 1 0 9.2C0 6 3.8 3.4 5 0Z" />
      </svg>
    </Link>
  );
}
