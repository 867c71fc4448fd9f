/** Takes the place of a module of Next, see next.config.ts. */
export {};
