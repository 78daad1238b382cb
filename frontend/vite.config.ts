import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Where "npm run dev" finds the API: a running "tenantatlas up".
const server = process.env.TENANTATLAS_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "dist",
    // The content policy allows no data: scripts or styles, and hashed files are cached for good.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: "assets/manifest.json",
    target: "es2022",
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { "/api": { target: server, changeOrigin: false } } },
  test: {
    environment: "jsdom",
    environmentOptions: { jsdom: { url: "http://localhost/" } },
    setupFiles: ["src/testing/setup.ts"],
    include: ["src/**/*.spec.{ts,tsx}"],
    restoreMocks: true,
    testTimeout: 30_000,
  },
});
