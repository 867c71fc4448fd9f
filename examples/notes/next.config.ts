import type { NextConfig } from "next";

// Without this file Next takes the configuration of a folder above.
const config: NextConfig = { turbopack: { root: import.meta.dirname } };

export default config;
