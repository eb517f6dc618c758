// The console's story in real browsers against the real stack: sign-in with second factor, the red task looked at and
// accepted by key, a stale colleague, the second signature, the post's inbox, the overview.
// usage: story.js SCREENSHOTS < JSON on standard input: Story
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";

interface Account {
  name: string;
  password: string;
  /** Base32. */
  secret: string;
}

interface Story {
  address: string;
  reviewer: Account;
  second: Account;
  officer: Account;
  lead: Account;
  childName: string;
}

const CHROMIUM = process.env.HULEI_CHROMIUM ?? "/usr/bin/chromium";
const STEP_SECONDS = 30;
const ALERT_TIMEOUT_MS = 30_000;
const faults: string[] = [];
const folder = process.argv[2] ?? ".";
const story = JSON.parse(readFileSync(0, "utf8")) as Story;

function check(isTrue: boolean, what: string): void {
  console.log(`${isTrue ? "ok" : "not ok"}: ${what}`);
  if (!isTrue) {
    faults.push(what);
  }
}

function base32(text: string): Buffer {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...text].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/gu) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** RFC 6238. The next step's code: the present one was used at enrolment, and each code is good once. */
function code(secret: string): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / STEP_SECONDS) + 1));
  const digest = createHmac("sha1", base32(secret)).update(counter).digest();
  const place = (digest[19] ?? 0) & 15;
  return String((digest.readUInt32BE(place) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function signIn(browser: Browser, account: Account): Promise<Page> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.on("pageerror", (error) => check(false, `${account.name}: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 400) {
      console.log(`${account.name}: ${response.status()} ${new URL(response.url()).pathname}`);
    }
  });
  await page.goto(story.address);
  await page.getByLabel("账号").fill(account.name);
  await page.getByLabel("密码").fill(account.password);
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByLabel("动态验证码（6 位）").fill(code(account.secret));
  await page.getByRole("button", { name: "进入" }).click();
  await page.getByRole("button", { name: "退出" }).waitFor();
  return page;
}

async function shot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(folder, `story-${name}.png`), fullPage: true });
}

async function openRed(page: Page): Promise<void> {
  await page.getByRole("option").filter({ hasText: "红色" }).first().click();
  await page.getByText(story.childName).first().waitFor();
}

async function review(browser: Browser): Promise<void> {
  const first = await signIn(browser, story.reviewer);
  const colleague = await signIn(browser, story.second);
  await openRed(first);
  await shot(first, "sheet");
  await openRed(colleague);
  await first.keyboard.press("a");
  await first.keyboard.press("1");
  check((await first.getByText(/此事项现由他人承办|已提交/u).first().textContent()) !== null, "a decision or a clear refusal");
  if (!(await first.getByText("已提交：已确认").isVisible())) {
    await first.reload();
    await first.getByText(story.childName).first().waitFor();
    await first.keyboard.press("a");
    await first.keyboard.press("1");
  }
  await first.getByText("已提交：已确认").waitFor();
  check(await first.getByText("等待另一位核查员复签").isVisible(), "red waits for a second signature");
  await shot(first, "accepted");

  await colleague.getByRole("link", { name: "返回列表" }).click();
  await colleague.getByRole("button", { name: "待复签" }).click();
  await openRed(colleague);
  await colleague.getByRole("button", { name: "同意复签" }).click();
  await colleague.getByText(/已提交/u).first().waitFor();
  await shot(colleague, "signed");
  check(true, "another person signed");
}

async function answerAlert(browser: Browser): Promise<void> {
  const officer = await signIn(browser, story.officer);
  await officer.getByText("红色").first().waitFor({ timeout: ALERT_TIMEOUT_MS });
  check(await officer.locator(".frame-head.ringing").isVisible(), "the red alert rings");
  await shot(officer, "inbox");
  await officer.getByRole("button", { name: "签收" }).first().click();
  await officer.getByText("已签收").first().waitFor();
  await officer.getByRole("link", { name: "打开" }).first().click();
  await officer.getByRole("button", { name: "开始处置" }).waitFor();
  check(!(await officer.content()).includes(story.childName), "the alert names nobody");
  await officer.getByRole("button", { name: "开始处置" }).click();
  await officer.getByText("处置中").first().waitFor();
  await shot(officer, "alert");
}

async function overview(browser: Browser): Promise<void> {
  const lead = await signIn(browser, story.lead);
  await lead.getByRole("link", { name: "概览" }).click();
  await lead.getByRole("heading", { name: "待核事项的等待时间" }).waitFor();
  await shot(lead, "overview");
  await lead.getByRole("button", { name: "退出" }).click();
  await lead.getByLabel("账号").waitFor();
  await lead.goto(`${story.address}/overview`);
  await lead.getByLabel("账号").waitFor();
  check(true, "nothing is shown after signing out");
}

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
try {
  await review(browser);
  await answerAlert(browser);
  await overview(browser);
} catch (fault) {
  for (const [index, page] of browser.contexts().flatMap((context) => context.pages()).entries()) {
    await shot(page, `failed-${index}`);
  }
  check(false, String(fault).split("\n").slice(0, 3).join(" "));
} finally {
  await browser.close();
}
process.exit(faults.length === 0 ? 0 : 1);
