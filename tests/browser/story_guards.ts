// What must not happen, in real browsers: a wrong role, a foreign page's request, a task that
// changed while it was looked at, two reviewers who decide at the same moment.
import type { Browser, Page } from "playwright-core";
import { check, enter, sql, story } from "./story_frame";

interface Told {
  status: number;
  code: string;
}

/** A request as a script in the page can make it: with the cookie, with the headers given. */
async function request(page: Page, method: string, path: string, headers: Record<string, string> = {}): Promise<Told> {
  return page.evaluate(
    async ([how, where, sent]) => {
      const answer = await fetch(`/api${where}`, { method: how as string, headers: { "Content-Type": "application/json", ...(sent as Record<string, string>) }, body: how === "GET" ? null : "{}" });
      const body: unknown = await answer.json().catch(() => ({}));
      return { status: answer.status, code: String((body as { code?: string }).code) };
    },
    [method, path, headers] as const,
  );
}

export async function wrongRole(browser: Browser): Promise<void> {
  const page = await enter(browser, "auditor");
  await page.goto(`${story.address}/queue`);
  await page.getByRole("heading", { name: "审计", exact: true }).waitFor();
  check((await page.getByRole("link", { name: "待核事项" }).count()) === 0, "an auditor has no queue in the menu, and its address leads elsewhere");
  const told = await request(page, "GET", "/tasks");
  check(told.status === 403 && told.code === "role", "nor does the server tell him");
  await page.context().close();
}

export async function foreignPage(browser: Browser): Promise<void> {
  const page = await enter(browser, "reviewer");
  const task = sql("SELECT public_id FROM review_task WHERE state = 'open' LIMIT 1");
  const without = await request(page, "POST", `/tasks/${task}/claim`);
  const wrong = await request(page, "POST", `/tasks/${task}/claim`, { "X-CSRF-Token": "0".repeat(64) });
  check(without.code === "csrf" && wrong.code === "csrf", "without the token of the session nothing is done");
  check(sql(`SELECT coalesce(assigned_account, 0) FROM review_task WHERE public_id = '${task}'`) === "0", "and nothing was");
  await page.context().close();
}

async function openTask(page: Page, task: string): Promise<void> {
  await page.goto(`${story.address}/tasks/${task}`);
  await page.getByText(story.childName).first().waitFor();
}

async function accept(page: Page): Promise<void> {
  await page.keyboard.press("a");
  await page.keyboard.press("1");
}

export async function staleTask(browser: Browser): Promise<void> {
  const page = await enter(browser, "reviewer");
  const task = sql("SELECT public_id FROM review_task WHERE state = 'open' AND kind = 'pair' ORDER BY task_id DESC LIMIT 1");
  await openTask(page, task);
  sql(`UPDATE pair SET version = version + 1 WHERE pair_id = (SELECT pair_id FROM review_task WHERE public_id = '${task}')`);
  await accept(page);
  await page.getByText("内容已变化，已重新载入").waitFor();
  check(sql(`SELECT count(*) FROM decision JOIN review_task USING (pair_id) WHERE public_id = '${task}'`) === "0", "a decision on what changed is none; the task is shown anew");
  await page.keyboard.press("n");
  await page.keyboard.press("1");
  await page.getByText("已提交：待补充").waitFor();
  check(true, "on what is there now it is one");
  await page.context().close();
}

/** Both look at it, both press at the same moment: one decision, and a clear word to the other. */
export async function twoAtOnce(browser: Browser): Promise<void> {
  const task = sql("SELECT public_id FROM review_task WHERE state = 'open' AND kind = 'pair' ORDER BY task_id LIMIT 1");
  const pages = [await enter(browser, "reviewer"), await enter(browser, "other")];
  for (const page of pages) {
    await openTask(page, task);
  }
  await Promise.all(pages.map(accept));
  for (const page of pages) {
    await page.getByText(/已提交：已确认|此事项已办结|此事项现由他人承办|内容已变化/u).first().waitFor();
  }
  const done = await Promise.all(pages.map((page) => page.getByText("已提交：已确认").count()));
  check(done.reduce((sum, one) => sum + one, 0) === 1, "one of two reviewers decided");
  check(sql(`SELECT count(*) FROM decision JOIN review_task USING (pair_id) WHERE public_id = '${task}'`) === "1", "one decision is stored");
  const decider = pages[done[0] === 1 ? 0 : 1];
  await decider?.getByRole("button", { name: "撤回（误操作）" }).click();
  await decider?.getByText(story.childName).first().waitFor();
  check(sql("SELECT count(*) FROM outbox WHERE kind = 'alert' AND state <> 'withdrawn'") === "0", "taken back in time, nothing was sent");
  await Promise.all(pages.map((page) => page.context().close()));
}
