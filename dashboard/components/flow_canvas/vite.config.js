import { defineConfig } from "vite";

// One ES module for the browser, and beside it the licences of what it holds.
export default defineConfig({
  build: {
    target: "es2022",
    outDir: "bundle",
    emptyOutDir: true,
    modulePreload: false,
    license: { fileName: "LICENCES.md" },
    rolldownOptions: {
      input: "src/index.js",
      // React Flow says "use client", which means nothing here.
      checks: { moduleLevelDirective: false },
      preserveEntrySignatures: "strict",
      output: { format: "es", entryFileNames: "flow.js", codeSplitting: false },
    },
  },
});
