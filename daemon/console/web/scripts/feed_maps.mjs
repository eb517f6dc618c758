// config/feeds/*.yaml (the headings `hulei feed push --map` knows, too) as one JSON file for the upload page.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { parse } from "yaml";

const feeds = new URL("../../../../config/feeds/", import.meta.url);
const output = new URL("../src/generated/feed_maps.json", import.meta.url);
const maps = readdirSync(feeds)
  .filter((name) => name.endsWith(".yaml"))
  .sort()
  .map((name) => parse(readFileSync(new URL(name, feeds), "utf8")));

mkdirSync(new URL(".", output), { recursive: true });
writeFileSync(output, JSON.stringify(maps));
