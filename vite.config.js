import { defineConfig } from "vite";

export default defineConfig({
  base: "/static/built/",
  publicDir: false,
  build: {
    outDir: "src/bihuan/platform/ui/static/built",
    emptyOutDir: false,
    manifest: "manifest.json",
    assetsInlineLimit: 0,
    modulePreload: false,
    rollupOptions: {
      input: {
        base: "frontend/base/base.js",
        wall: "frontend/wall/wall.js",
        field: "frontend/field/field.js",
        sw: "frontend/sw/sw.js",
      },
    },
  },
});
