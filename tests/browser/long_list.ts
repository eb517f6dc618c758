// A queue too long for the document: read to its end by scrolling, and how long a key takes until it is drawn.
import type { Page } from "playwright-core";

const KEYS = 40;

/** True when the end was reached. */
export async function scrollToEnd(page: Page, total: number): Promise<boolean> {
  const end = page.getByText(`已载入 ${total} 项`);
  const list = page.getByRole("listbox");
  await page.getByRole("option").first().waitFor();
  for (let at = 0; at < 1200 && !(await end.isVisible()); at++) {
    await list.evaluate((frame) => frame.scrollTo(0, frame.scrollHeight));
    await page.waitForTimeout(25);
  }
  return end.isVisible();
}

/** Milliseconds from a key to the frame that shows what it did, in order of size. */
export async function keyDelays(page: Page): Promise<number[]> {
  await page.getByRole("listbox").focus();
  return page.evaluate(async (count) => {
    const frame = document.querySelector("[role=listbox]") as HTMLElement;
    const times: number[] = [];
    for (let at = 0; at < count; at++) {
      const begin = performance.now();
      frame.dispatchEvent(new KeyboardEvent("keydown", { key: at % 2 === 0 ? "k" : "j", bubbles: true }));
      await new Promise((done) => requestAnimationFrame(() => done(null)));
      times.push(performance.now() - begin);
    }
    return times.sort((a, b) => a - b);
  }, KEYS);
}
