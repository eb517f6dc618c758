// Each page in a real Chromium with invented answers: it shows, breaks no rule of its own CSP, passes axe, in both
// languages, and stays quick with 10,000 tasks. Screenshots go to the folder given.
// usage: pages.js DIST SCREENSHOTS
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium, type Browser, type Page } from "playwright-core";
import * as answers from "./answers";
import { axeFaults } from "./axe";
import { keyDelays, scrollToEnd } from "./long_list";
import { siteStart, type Answer } from "./site";

type Role = Parameters<typeof answers.me>[0];

const TASKS = 10_000;
const FIRST_PAGE_KIB_MAX = 200;
const ROWS_IN_DOM_MAX = 80;
const CHROMIUM = process.env.HULEI_CHROMIUM ?? "/usr/bin/chromium";

let role: Role | null = null;
let isLive = true;
let isStale = false;
let isChildUnsure = false;
const posted: string[] = [];
const faults: string[] = [];

function check(isTrue: boolean, what: string): void {
  if (!isTrue) {
    faults.push(what);
    console.log(`not ok: ${what}`);
  }
}

const FIXED: Readonly<Record<string, unknown>> = {
  "GET /tasks/counts": answers.counts,
  "GET /overview": answers.overview,
  "GET /feeds": answers.feeds,
  "GET /feeds/refusals": answers.refusals,
  "GET /feeds/receipts": answers.receipts,
  "GET /feeds/types": answers.feedTypes,
  "POST /feeds/dry-run": answers.feedOutcomes,
  "POST /feeds/uploads": answers.feedOutcomes,
  "GET /feeds/uploads": answers.feedUploads,
  "GET /audit": answers.audit,
  "GET /audit/chain": answers.chain,
  "GET /users": answers.users,
  "GET /grants": answers.grants,
  "GET /alarms": answers.alarms,
  "GET /looks": answers.looks,
  "POST /looks": answers.looked,
  "POST /search": answers.hits,
  "GET /inbox": answers.inboxPage,
  [`GET ${answers.inboxPath}`]: answers.inboxItem,
  [`POST ${answers.inboxPath}/answer`]: answers.answered,
};

const TASK_PARTS: Readonly<Record<string, unknown>> = {
  "GET ": answers.sheet,
  "POST /claim": answers.taskRow(0),
  "GET /alike": { items: [answers.taskRow(0)], next: null },
  "GET /history": answers.history,
  "GET /map": answers.map,
  "GET /views": answers.views,
  "POST /identity": answers.identityAnswer,
};

function problem(status: number, code: string) {
  return { status, body: { type: `urn:hulei:problem:${code}`, title: code, status, code } };
}

const answer: Answer = (method, path, query) => {
  if (path === "/session" && method === "POST") {
    role = "reviewer";
    return { status: 200, body: { state: "active", csrf: "0".repeat(64) } };
  }
  if (role === null) {
    return problem(401, "no_session");
  }
  if (path === "/me") {
    return { status: 200, body: answers.me(role) };
  }
  if (path === "/tasks") {
    return { status: 200, body: answers.taskPage(TASKS, query.get("after"), Number(query.get("limit") ?? "100")) };
  }
  if (method === "POST") {
    posted.push(path);
  }
  const task = /^\/tasks\/rt-[0-9a-f]{16}(.*)$/u.exec(path);
  if (task !== null) {
    if (task[1] === "/decision") {
      return isStale ? problem(409, "version_conflict") : { status: 200, body: answers.decided };
    }
    if (task[1] === "" && isChildUnsure) {
      return { status: 200, body: { ...answers.sheet, identity: "child" } };
    }
    const body = TASK_PARTS[`${method} ${task[1]}`];
    return body === undefined ? problem(404, "not_found") : { status: 200, body };
  }
  const body = FIXED[`${method} ${path}`];
  return body === undefined ? problem(404, "not_found") : { status: 200, body };
};

async function axe(page: Page, name: string): Promise<void> {
  (await axeFaults(page)).forEach((fault) => check(false, `${name}: axe ${fault}`));
}

interface Visit {
  name: string;
  role: Role;
  path: string;
  /** Text that is only there when the page has its data. */
  shows: string;
  act?: (page: Page) => Promise<void>;
}

const TASK_PATH = `/tasks/${answers.sheet.task}`;

const VISITS: readonly Visit[] = [
  { name: "queue", role: "reviewer", path: "/queue", shows: "同一住处" },
  { name: "task", role: "reviewer", path: TASK_PATH, shows: "测试女童" },
  { name: "task-map", role: "reviewer", path: TASK_PATH, shows: "测试对象", act: showMap },
  { name: "task-views", role: "reviewer", path: TASK_PATH, shows: "测试对象", act: (page) => page.getByRole("button", { name: "各岗位将收到的内容" }).click().then(() => page.getByText("c-5e00").waitFor()) },
  { name: "task-history", role: "reviewer", path: TASK_PATH, shows: "测试对象", act: (page) => page.getByRole("button", { name: "历史" }).click().then(() => page.getByText("wang.demo").waitFor()) },
  { name: "task-look", role: "reviewer", path: TASK_PATH, shows: "测试对象", act: lookAtChild },
  { name: "search", role: "reviewer", path: "/search", shows: "内容（须完整）", act: searchTask },
  { name: "looks", role: "second_reviewer", path: "/looks", shows: "zhao.demo" },
  { name: "inbox", role: "post_officer", path: "/inbox", shows: "临时（待复签）" },
  { name: "alert", role: "post_officer", path: answers.inboxPath, shows: "r-c200" },
  { name: "overview", role: "post_lead", path: "/overview", shows: "超期" },
  { name: "feeds", role: "operator", path: "/feeds", shows: "person.birth_date", act: tryLedger },
  { name: "audit", role: "auditor", path: "/audit", shows: "完整" },
  { name: "users", role: "administrator", path: "/users", shows: "li.demo" },
  { name: "account", role: "auditor", path: "/password", shows: "至少 12 个字符" },
];

/** To the end of the page: before that the decision bar lies over the map's lower part, which axe calls too small. */
async function showMap(page: Page): Promise<void> {
  await page.getByRole("button", { name: "地图" }).click();
  await page.locator(".at-risk").waitFor();
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
}

async function lookAtChild(page: Page): Promise<void> {
  await page.getByRole("button", { name: "查看完整信息" }).first().click();
  await page.getByLabel("用途").selectOption("visit");
  await page.getByRole("button", { name: "查看", exact: true }).click();
  await page.getByText("2014-05-06").waitFor();
}

async function searchTask(page: Page): Promise<void> {
  await page.getByLabel("内容（须完整）").fill(answers.sheet.task);
  await page.getByRole("button", { name: "查询" }).click();
  await page.getByText("测*童").waitFor();
}

async function tryLedger(page: Page): Promise<void> {
  const text = "编号,姓名,随手记\nc-1,测试女童,x\nc-2,,y\n";
  await page.getByLabel("文件（CSV 或 XLSX）").setInputFiles({ name: "ledger.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.getByRole("button", { name: "试送（不保存）" }).click();
  await page.getByText("试送：可接收 1，退回 1").waitFor();
  await page.locator("#try-0").fill("c-9");
  await page.getByRole("button", { name: "试填" }).click();
  await page.getByText("可以接收。").waitFor();
}

async function freshPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.on("console", (message) => check(message.type() !== "error" || message.text().includes("Failed to load resource"), `${page.url()}: ${message.text()}`));
  page.on("pageerror", (error) => check(false, `${page.url()}: ${error.message}`));
  return page;
}

async function visitAll(browser: Browser, address: string, folder: string): Promise<void> {
  for (const visit of VISITS) {
    role = visit.role;
    const page = await freshPage(browser);
    try {
      await page.goto(address + visit.path);
      await page.getByText(visit.shows).first().waitFor({ timeout: 20_000 });
      await visit.act?.(page);
      await axe(page, visit.name);
      await page.screenshot({ path: join(folder, `${visit.name}.png`), fullPage: visit.name !== "queue" });
      await page.getByRole("button", { name: "English" }).click({ force: true, timeout: 5_000 }).catch(() => undefined);
      await page.screenshot({ path: join(folder, `${visit.name}-en.png`) });
    } catch (fault) {
      check(false, `${visit.name}: ${String(fault).split("\n")[0]}`);
      await page.screenshot({ path: join(folder, `${visit.name}-failed.png`) });
    }
    await page.close();
    console.log(`seen: ${visit.name}`);
  }
}

/** Bytes over the wire as nginx compresses them: until the sign-in page stands, and until the queue does. */
async function firstPage(browser: Browser, address: string, folder: string): Promise<void> {
  role = null;
  const page = await freshPage(browser);
  const bodies: Promise<number>[] = [];
  // The live stream has no end.
  page.on("response", (response) => void (response.url().endsWith("/events") ? null : bodies.push(response.body().then((body) => gzipSync(body, { level: 1 }).length, () => 0))));
  const kibibytes = async () => (await Promise.all(bodies)).reduce((total, one) => total + one, 0) / 1024;
  await page.goto(`${address}/`);
  await page.getByLabel("账号").waitFor();
  await axe(page, "sign-in");
  await page.screenshot({ path: join(folder, "sign-in.png") });
  const first = await kibibytes();
  check(first > 20 && first < FIRST_PAGE_KIB_MAX, `the first page is ${first.toFixed(0)} KiB compressed`);
  await page.getByLabel("账号").fill("li.demo");
  await page.getByLabel("密码").fill("an invented password");
  await page.getByRole("button", { name: "下一步" }).click();
  await page.waitForURL("**/queue");
  await page.getByRole("option").first().waitFor();
  const queue = await kibibytes();
  check(queue < FIRST_PAGE_KIB_MAX, `up to the queue it is ${queue.toFixed(0)} KiB compressed`);
  console.log(`compressed: sign-in ${first.toFixed(0)} KiB, up to the queue ${queue.toFixed(0)} KiB`);
  await page.close();
}

async function longQueue(browser: Browser, address: string): Promise<void> {
  role = "reviewer";
  const page = await freshPage(browser);
  await page.goto(`${address}/queue`);
  check(await scrollToEnd(page, TASKS), "all 10,000 tasks can be reached by scrolling");
  check((await page.getByRole("option").count()) <= ROWS_IN_DOM_MAX, "only rows in sight are in the document");
  const delays = await keyDelays(page);
  console.log(`key to frame with 10,000 tasks: median ${delays[20]?.toFixed(1)} ms, worst ${delays[39]?.toFixed(1)} ms`);
  await page.keyboard.press("Enter");
  await page.getByText("测试女童").first().waitFor();
  await page.close();
}

/** a, then 1: accepted; the undo stands while nothing is sent. A stale task is shown anew instead. */
async function decideByKeys(browser: Browser, address: string): Promise<void> {
  role = "reviewer";
  isStale = true;
  const page = await freshPage(browser);
  await page.clock.setFixedTime(new Date(answers.NOW));
  await page.goto(address + TASK_PATH);
  await page.getByText("测试女童").first().waitFor();
  await page.keyboard.press("a");
  await page.keyboard.press("1");
  await page.getByText("内容已变化").waitFor();
  isStale = false;
  await page.keyboard.press("a");
  await page.keyboard.press("1");
  await page.getByText("已提交：已确认").waitFor();
  check(await page.getByText("等待另一位核查员复签").isVisible(), "red waits for a second signature");
  await page.close();
}

/** Two bars on one page: a key belongs to one of them, a digit to the one that is open, and typing is no key. */
async function twoBars(browser: Browser, address: string): Promise<void> {
  role = "reviewer";
  isChildUnsure = true;
  const page = await freshPage(browser);
  const identity = page.getByRole("region", { name: "这些记录是同一个人吗？" });
  const decision = page.getByRole("region", { name: "决定" });
  const opened = async () => [await identity.locator("[aria-pressed=true]").count(), await decision.locator("[aria-pressed=true]").count()].join();
  await page.goto(address + TASK_PATH);
  await page.getByText("测试女童").first().waitFor();
  for (const [keys, wanted] of [["u", "0,1"], ["s", "1,0"], ["r", "0,1"], ["x", "1,0"], ["Escape", "0,0"], ["1", "0,0"]] as const) {
    await page.keyboard.press(keys);
    check((await opened()) === wanted, `${keys}: open answers ${await opened()} instead of ${wanted}`);
  }
  posted.length = 0;
  await page.keyboard.press("d");
  await page.getByLabel("不属于此人的记录编号（#）").fill("a1");
  check((await opened()) === "1,0", "letters of a field open nothing");
  await page.getByRole("heading", { name: "核查单" }).click();
  await page.keyboard.press("1");
  await page.getByText("已记录，系统随即重新归并").waitFor();
  check(posted.join() === `${TASK_PATH}/identity`, `one answer was sent: ${posted.join()}`);
  isChildUnsure = false;
  await page.close();
}

/** A red item nobody acknowledged rings, and says so while the browser is mute; an ended session is said, too. */
async function alarmAndEnd(browser: Browser, address: string): Promise<void> {
  role = "post_officer";
  const page = await freshPage(browser);
  await page.goto(`${address}/inbox`);
  await page.getByText("浏览器静音").waitFor();
  check(await page.locator(".frame-head.ringing").isVisible(), "an unacknowledged red item flashes");
  await page.getByRole("button", { name: "开启提示音" }).click();
  await page.getByText("浏览器静音").waitFor({ state: "hidden" });
  role = null;
  await page.getByRole("button", { name: "签收" }).click();
  await page.getByText("会话已结束").first().waitFor();
  await page.close();
}

/** Silence of the live stream is said on every page. */
async function lostConnection(browser: Browser, address: string): Promise<void> {
  role = "reviewer";
  isLive = false;
  const page = await freshPage(browser);
  await page.clock.install();
  await page.goto(`${address}/queue`);
  await page.getByRole("option").first().waitFor();
  await page.clock.runFor(60_000);
  await page.getByText("实时连接已中断").waitFor();
  isLive = true;
  await page.close();
}

async function main(): Promise<number> {
  const [dist, folder] = process.argv.slice(2);
  if (dist === undefined || folder === undefined) {
    console.log("usage: pages.js DIST SCREENSHOTS");
    return 2;
  }
  const site = await siteStart(dist, answer, () => isLive);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  try {
    await firstPage(browser, site.address, folder);
    await visitAll(browser, site.address, folder);
    await longQueue(browser, site.address);
    await decideByKeys(browser, site.address);
    await twoBars(browser, site.address);
    await alarmAndEnd(browser, site.address);
    await lostConnection(browser, site.address);
  } finally {
    await browser.close();
    site.close();
  }
  console.log(faults.length === 0 ? "ok" : `${faults.length} faults`);
  return faults.length === 0 ? 0 : 1;
}

process.exit(await main());
