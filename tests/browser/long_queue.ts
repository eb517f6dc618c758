// The queue of 10,000 open tasks behind the real API, in a real browser: reached by scrolling, moved through by keys,
// a live event in the middle of it. Prints figures; usage: long_queue.js < JSON {address, token, total}
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";
import { keyDelays, scrollToEnd } from "./long_list";

const ROWS_IN_DOM_MAX = 80;
const { address, token, total } = JSON.parse(readFileSync(0, "utf8")) as { address: string; token: string; total: number };
const browser = await chromium.launch({ executablePath: process.env.HULEI_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage"] });
let status = 1;
try {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 900 } });
  await context.addCookies([{ name: "__Host-hulei", value: token, url: `${address}/`, httpOnly: true, secure: true, sameSite: "Strict" }]);
  const page = await context.newPage();
  await page.goto(`${address}/queue`);
  const isWhole = await scrollToEnd(page, total);
  const rows = await page.getByRole("option").count();
  const pages = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter((entry) => entry.name.includes("/api/tasks?"))
      .map((entry) => entry.duration)
      .sort((a, b) => a - b),
  );
  const delays = await keyDelays(page);
  const middle = (times: number[]) => times[Math.floor(times.length / 2)] ?? NaN;
  console.log(`${pages.length} pages of the list: median ${middle(pages).toFixed(0)} ms, worst ${(pages.at(-1) ?? NaN).toFixed(0)} ms; ${rows} rows in the document`);
  console.log(`key to frame: median ${middle(delays).toFixed(1)} ms, worst ${(delays.at(-1) ?? NaN).toFixed(1)} ms`);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/tasks/rt-*");
  status = isWhole && rows <= ROWS_IN_DOM_MAX ? 0 : 1;
} finally {
  await browser.close();
}
process.exit(status);
