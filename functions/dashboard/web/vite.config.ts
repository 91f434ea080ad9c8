import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const OUT = join(import.meta.dirname, "..", "dist");
const COMPRESSIBLE = /\.(html|js|css|svg|json)$/;
const WORTH_IT = 1024;

/** Compress once, when it is built, as hard as it goes; the function picks the form that the browser takes. */
function compressed(): Plugin {
  return {
    name: "rollcall-compressed",
    apply: "build",
    closeBundle() {
      for (const entry of readdirSync(OUT, { recursive: true, encoding: "utf8" })) {
        const path = join(OUT, entry);
        if (!COMPRESSIBLE.test(path) || !statSync(path).isFile()) continue;
        const content = readFileSync(path);
        if (content.length < WORTH_IT) continue;
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
        writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), compressed()],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    // Nothing is written into the page itself: its policy allows files only.
    assetsInlineLimit: 0,
  },
  // Two cores may be busy with other things; what never comes still fails.
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"], restoreMocks: true, testTimeout: 20_000 },
});
