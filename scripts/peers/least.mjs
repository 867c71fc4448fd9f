/**
 * Imports every entry of the package in a folder that has its required peers only. Exits with 0 when each entry
 * loads, or names the optional peer that it is for.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { resolve } = createRequire(import.meta.url);
const { absent, missing } = JSON.parse(process.env.PEER_PARTS);
for (const name of absent) {
  assert.throws(() => resolve(name), { code: "MODULE_NOT_FOUND" }, `${name} is installed.`);
}

const manifest = JSON.parse(readFileSync("node_modules/querycast/package.json", "utf8"));
const found = {};
for (const entry of Object.keys(manifest.exports)) {
  const name = entry.replace(/^\./, "querycast");
  try {
    await import(name);
  } catch (error) {
    assert.equal(error.code, "ERR_MODULE_NOT_FOUND", error.stack);
    found[name] = /Cannot find package '([^']+)'/.exec(error.message)?.[1];
  }
}
assert.deepEqual(found, missing);
