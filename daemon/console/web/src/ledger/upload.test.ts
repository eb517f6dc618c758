import { describe, expect, it } from "vitest";
import type { FeedMap } from "./map";
import { blocksMake, ledgerRows, rejectFile } from "./upload";

const MAP: FeedMap = {
  type: "child",
  columns: [
    { headings: ["编号"], fields: ["subject"] },
    { headings: ["姓名"], fields: ["data.person.name"] },
  ],
};
const LEDGER = { headers: ["编号", "姓名", "备注"], rows: [["c-1", "甲", "x"], ["", "乙", "y"], ["c-3", "", "z"]] };

describe("an upload", () => {
  it("numbers rows as the ledger's lines and leaves out lines without a key", () =>
    expect(ledgerRows(LEDGER, MAP)).toEqual({
      rows: [
        { row: 2, subject: "c-1", data: { person: { name: "甲" } } },
        { row: 4, subject: "c-3", data: {} },
      ],
      withoutSubject: [3],
    }));

  it.each([
    [1200, 1, [500, 500, 200]],
    [10, 200_000, [4, 4, 2]],
    [2, 1_000_000, [1, 1]],
    [0, 1, []],
  ])("%i rows of %i bytes go in blocks of %j", (count, bytes, wanted) => {
    const rows = Array.from({ length: count }, (_, at) => ({ row: at + 2, subject: "c", data: { note: "x".repeat(bytes) } }));
    expect(blocksMake(rows as never).map((block) => block.length)).toEqual(wanted);
  });

  it("gives the refused lines back with the reason in the clerk's words", () =>
    expect(rejectFile(LEDGER, MAP, [{ row: 2, outcome: "accepted" }, { row: 4, outcome: "refused", code: "bad_field", field: "person.name", rule: "required" }], [3], "原因")).toBe(
      "\ufeff编号,姓名,备注,原因\r\n,乙,y,编号: required\r\nc-3,,z,姓名: required",
    ));
});
