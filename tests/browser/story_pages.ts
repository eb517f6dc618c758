// A clerk's ledgers on the feeds page, and the inbox on a telephone.
import type { Browser, Page } from "playwright-core";
import { check, enter, seen, sql, story } from "./story_frame";

/** A clerk's ledger, as CSV and as XLSX: tried, sent, and what the engine made of it comes back to the page. */
export async function sendLedgers(browser: Browser): Promise<void> {
  const page = await enter(browser, "operator");
  await page.getByRole("link", { name: "数据报送" }).click();
  for (const [form, accepted] of [["csv", 2], ["xlsx", 1]] as const) {
    await page.getByLabel("文件（CSV 或 XLSX）").setInputFiles(story.ledgers[form]);
    await page.getByRole("button", { name: "试送（不保存）" }).click();
    await page.getByText(`试送：可接收 ${accepted}，退回 1`).waitFor();
    await page.getByRole("button", { name: "正式报送" }).click();
    await page.getByText(`已报送：接收 ${accepted}，退回 1`).waitFor();
  }
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "下载退回的行" }).click();
  check((await saved).suggestedFilename() === "refused.csv", "the refused rows come back as a file");
  await page.locator("#try-0").fill("c-try");
  await page.getByRole("button", { name: "试填" }).click();
  await page.getByText("将被退回：").waitFor();
  await page.locator("section", { has: page.getByRole("heading", { name: "已报送的台账" }) }).locator("tbody tr", { hasText: "story-operator" }).nth(1).waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll("tbody tr")].filter((row) => row.textContent?.includes("story-operator") && row.children[5]?.textContent !== "0").length === 2, undefined, { timeout: 30_000 });
  check(sql("SELECT count(*) FROM record JOIN source USING (source_id) WHERE topic LIKE '%.console' AND record.state = 'live'") === "3", "the engine took the clerk's three records, by the courier and Kafka");
  await seen(page, "feeds");
  await page.context().close();
}

/** On a telephone: nothing is wider than the screen, and a thumb hits what it means. */
export async function onTelephone(page: Page): Promise<void> {
  const width = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  check(width <= 0, `the inbox fits a telephone's screen (${width} px too wide)`);
  const heights = await page.getByRole("button", { name: "签收" }).evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().height));
  check(heights.length > 0 && Math.min(...heights) >= 44, `what is pressed is large enough: ${heights.join()}`);
  await seen(page, "inbox-telephone");
}
