import { describe, expect, it } from "vitest";
import { pagesAge, pagesFindOld, pagesReplace, pagesRows, type Page, type Row } from "./queue_pages";

function page(after: string | null, tasks: string, next: string | null, isOld = false): Page<Row> {
  return { after, items: [...tasks].map((task) => ({ task })), next, isOld };
}

const PAGES = [page(null, "abc", "c"), page("c", "def", "f"), page("f", "gh", null)];
const tasks = (pages: readonly Page<Row>[]) => pagesRows(pages).map((row) => row.task).join("");

describe("pages of the queue", () => {
  it("show a row once that moved between two reads", () => expect(tasks([page(null, "abc", "c"), page("c", "cde", null)])).toBe("abcde"));

  it.each([
    [0, 2, 0],
    [3, 4, 1],
    [2, 5, 0],
    [6, 7, 2],
    [9, 12, 2],
  ])("from row %i to %i: page %i is read again", (first, last, wanted) => expect(pagesFindOld(pagesAge(PAGES), first, last)).toBe(wanted));

  it("need no reading when they are fresh", () => expect(pagesFindOld(PAGES, 0, 7)).toBe(-1));

  it("keep the rest when a page ends where it did", () =>
    expect(tasks(pagesReplace(PAGES, 0, page(null, "ac", "c")))).toBe("acdefgh"));

  it("drop the rest when it ends elsewhere", () =>
    expect(tasks(pagesReplace(PAGES, 1, page(null, "efg", "g")))).toBe("abcefg"));
});
