// What the parts of the story share: the people in it, their browsers, what is checked, and the database's own word.
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { axeFaults } from "./axe";

export interface Account {
  name: string;
  password: string;
  /** Base32. */
  secret: string;
}

export interface Story {
  address: string;
  reviewer: Account;
  second: Account;
  officer: Account;
  lead: Account;
  /** Tokens of sessions that are open already, by role. */
  tokens: Record<string, string>;
  childName: string;
  /** Ledgers to upload, by their form. */
  ledgers: { csv: string; xlsx: string };
  psql: string[];
}

const STEP_SECONDS = 30;
export const faults: string[] = [];
export const folder = process.argv[2] ?? ".";
export const story = JSON.parse(readFileSync(0, "utf8")) as Story;

export function check(isTrue: boolean, what: string): void {
  console.log(`${isTrue ? "ok" : "not ok"}: ${what}`);
  if (!isTrue) {
    faults.push(what);
  }
}

/** The first cell that the database answers. */
export function sql(text: string): string {
  return execFileSync("psql", story.psql, { input: `SET search_path = hulei;\n${text}`, encoding: "utf8" }).trim();
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

async function blankPage(browser: Browser, name: string, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.on("pageerror", (error) => check(false, `${name}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("Failed to load resource")) {
      check(false, `${name}: ${message.text()}`);
    }
  });
  return page;
}

export async function signIn(browser: Browser, account: Account, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await blankPage(browser, account.name, options);
  await page.goto(story.address);
  await page.getByLabel("账号").fill(account.name);
  await page.getByLabel("密码").fill(account.password);
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByLabel("动态验证码（6 位）").fill(code(account.secret));
  await page.getByRole("button", { name: "进入" }).click();
  await page.getByRole("button", { name: "退出" }).waitFor();
  return page;
}

/** A page of a session that is open already. */
export async function enter(browser: Browser, role: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await blankPage(browser, role, options);
  const { host } = new URL(story.address);
  await page.context().addCookies([{ name: "__Host-hulei", value: story.tokens[role] ?? "", url: `https://${host}/`, httpOnly: true, secure: true, sameSite: "Strict" }]);
  await page.goto(story.address);
  await page.getByRole("button", { name: "退出" }).waitFor();
  return page;
}

/** Screenshots of a page in both languages, and axe on it. The page is in Chinese before and after. */
export async function seen(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(folder, `story-${name}.png`), fullPage: true });
  const found = await axeFaults(page);
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("button", { name: "中文" }).waitFor();
  const left = await page.locator("h1").first().textContent();
  await page.screenshot({ path: join(folder, `story-${name}-en.png`), fullPage: true });
  await page.getByRole("button", { name: "中文" }).click();
  check(!/[\u4e00-\u9fff]/u.test(left ?? "中"), `${name}: the heading is English in English: ${left}`);
  check(found.length === 0, `${name}: axe is content ${found.join("; ")}`);
}
