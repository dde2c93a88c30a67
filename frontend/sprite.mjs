// Makes one sprite of the outline icons that are listed; our own glyphs stand in glyphs.svg.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const names = JSON.parse(readFileSync("frontend/icons.json", "utf8"));
const symbols = names.map((name) => {
  const svg = readFileSync(`node_modules/@tabler/icons/icons/outline/${name}.svg`, "utf8");
  const body = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/<svg[\s\S]*?>/, "").replace("</svg>", "");
  const paths = body.replace(/<path stroke="none"[^>]*\/>/, "").replace(/\s+/g, " ").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${paths}</symbol>`;
});
const own = readFileSync("frontend/glyphs.svg", "utf8");
const folder = "src/bihuan/platform/ui/static/built";
mkdirSync(folder, { recursive: true });
const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}${own}</svg>`;
writeFileSync(`${folder}/sprite.svg`, sprite);
console.log(`sprite: ${names.length} icons, ${sprite.length} bytes`);
