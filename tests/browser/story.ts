// The console's story in real browsers against the real stack: sign-in with second factor, the red task looked at and
// accepted by key, the second signature, the post's inbox on a telephone with its alarm, the overview and a table that
// leaves; a clerk's ledgers (story_pages.ts); and before that what must not happen (story_guards.ts).
// usage: story.js SCREENSHOTS < JSON on standard input: Story
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { check, faults, folder, seen, signIn, sql, story } from "./story_frame";
import { foreignPage, staleTask, twoAtOnce, wrongRole } from "./story_guards";
import { onTelephone, sendLedgers } from "./story_pages";

const CHROMIUM = process.env.HULEI_CHROMIUM ?? "/usr/bin/chromium";
const ALERT_TIMEOUT_MS = 30_000;
const TELEPHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

async function openRed(page: Page): Promise<void> {
  await page.getByRole("option").filter({ hasText: "红色" }).first().click();
  await page.getByText(story.childName).first().waitFor();
}

async function review(browser: Browser): Promise<void> {
  const first = await signIn(browser, story.reviewer);
  const colleague = await signIn(browser, story.second);
  await first.locator(".frame-head.ringing").waitFor();
  check(true, "a red task nobody took rings at the reviewer's");
  await openRed(first);
  await first.locator(".frame-head:not(.ringing)").waitFor();
  check(true, "it rings no more when it was taken");
  await seen(first, "task");
  await first.keyboard.press("a");
  await first.keyboard.press("1");
  await first.getByText("已提交：已确认").waitFor();
  check(await first.getByText("等待另一位核查员复签").isVisible(), "red waits for a second signature");
  await seen(first, "accepted");

  await colleague.getByRole("button", { name: "待复签" }).click();
  await openRed(colleague);
  await seen(colleague, "sign");
  await colleague.getByRole("button", { name: "同意复签" }).click();
  await colleague.getByText(/已提交/u).first().waitFor();
  check(sql("SELECT count(*) FROM decision WHERE verdict = 'sign'") === "1", "another person signed");
}

/** How many tones the page has started. */
async function tones(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { hulei_tones?: number }).hulei_tones ?? 0);
}

async function hearTones(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) {
      (window as unknown as { hulei_tones?: number }).hulei_tones = ((window as unknown as { hulei_tones?: number }).hulei_tones ?? 0) + 1;
      start.apply(this, when);
    };
  });
  await page.reload();
}

async function answerAlert(browser: Browser): Promise<void> {
  const officer = await signIn(browser, story.officer, TELEPHONE);
  await hearTones(officer);
  await officer.getByText("红色").first().waitFor({ timeout: ALERT_TIMEOUT_MS });
  await officer.locator(".frame-head.ringing").waitFor();
  await officer.getByRole("button", { name: "开启提示音" }).click();
  await officer.getByText("浏览器静音").waitFor({ state: "hidden" });
  await officer.waitForFunction(() => ((window as unknown as { hulei_tones?: number }).hulei_tones ?? 0) > 0);
  check(true, "the red alert flashes and sounds");
  await onTelephone(officer);

  await officer.context().setOffline(true);
  await officer.getByText("实时连接已中断").waitFor();
  check(true, "a lost live connection is shown");
  await officer.screenshot({ path: join(folder, "story-lost.png") });
  await officer.context().setOffline(false);
  await officer.getByText("实时连接已中断").waitFor({ state: "hidden" });

  await officer.getByRole("button", { name: "签收" }).first().click();
  await officer.getByText("已签收").first().waitFor();
  await officer.locator(".frame-head:not(.ringing)").waitFor();
  const heard = await tones(officer);
  await officer.waitForTimeout(5_000);
  check((await tones(officer)) === heard, "once it is acknowledged it is still");
  await officer.getByRole("link", { name: "打开" }).first().click();
  await officer.getByRole("button", { name: "开始处置" }).waitFor();
  check(!(await officer.content()).includes(story.childName), "the alert names nobody");
  await officer.getByRole("button", { name: "开始处置" }).click();
  await officer.getByText("处置中").first().waitFor();
  await seen(officer, "alert");
}

async function overview(browser: Browser): Promise<void> {
  const lead = await signIn(browser, story.lead);
  await lead.getByRole("link", { name: "概览" }).click();
  await lead.getByRole("heading", { name: "待核事项的等待时间" }).waitFor();
  await seen(lead, "overview");
  const saved = lead.waitForEvent("download");
  await lead.getByRole("button", { name: "CSV" }).first().click();
  const text = readFileSync((await (await saved).path()) ?? "", "utf8");
  check(/^\ufefftier,hours,count\r\n[^]*# hulei,account=story-lead,at=[^,]+,audit=console:\d+,/u.test(text), "a table leaves with its mark");
  check(sql("SELECT count(*) FROM audit_entry WHERE action = 'export' AND actor = 'story-lead'") === "1", "and stands in the audit chain");
  await lead.getByRole("button", { name: "退出" }).click();
  await lead.getByLabel("账号").waitFor();
  await lead.goto(`${story.address}/overview`);
  await lead.getByLabel("账号").waitFor();
  check(true, "nothing is shown after signing out");
}

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
try {
  for (const part of [wrongRole, foreignPage, staleTask, twoAtOnce]) {
    await part(browser);
  }
  sql("UPDATE setting SET value = '1' WHERE name = 'undo_window_s'");
  for (const part of [review, answerAlert, overview, sendLedgers]) {
    await part(browser);
  }
} catch (fault) {
  for (const [index, page] of browser.contexts().flatMap((context) => context.pages()).entries()) {
    await page.screenshot({ path: join(folder, `story-failed-${index}.png`), fullPage: true });
  }
  check(false, String(fault).split("\n").slice(0, 3).join(" "));
} finally {
  await browser.close();
}
process.exit(faults.length === 0 ? 0 : 1);
