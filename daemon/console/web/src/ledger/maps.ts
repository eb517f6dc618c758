// config/feeds/*.yaml as the build wrote them: the headings of ledgers, the same as `hulei feed push --map` knows.
import feedMaps from "@/generated/feed_maps.json";
import type { FeedMap } from "./map";

export const FEED_MAPS = feedMaps as FeedMap[];
