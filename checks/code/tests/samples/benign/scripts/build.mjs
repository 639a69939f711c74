import { build } from "esbuild";

await build({
  entryPoints: ["src/index.ts"],
  bundle: true,
  platform: "node",
  external: ["child_process", "fs", "openclaw"],
  define: { "process.env.NODE_ENV": '"production"' },
  outfile: "dist/index.js",
});
