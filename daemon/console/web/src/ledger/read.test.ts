import { describe, expect, it } from "vitest";
import { csvWrite, LedgerError, ledgerRead, textDecode } from "./read";

const GB18030_XINGMING = new Uint8Array([0xd0, 0xd5, 0xc3, 0xfb]);

function fileOf(text: string, name = "ledger.csv"): File {
  return new File([text], name);
}

describe("a ledger file", () => {
  it("reads UTF-8 and GB18030", () => {
    expect(textDecode(new TextEncoder().encode("姓名").buffer as ArrayBuffer)).toBe("姓名");
    expect(textDecode(GB18030_XINGMING.buffer)).toBe("姓名");
  });

  it.each([
    ["\ufeff姓名,证号\r\n甲,1\r\n\r\n乙,2\r\n", [["甲", "1"], ["乙", "2"]]],
    ['姓名,证号\n"甲,\n乙",001234567890123456\n', [["甲,\n乙", "001234567890123456"]]],
    ["姓名,证号\n甲\n", [["甲", ""]]],
  ])("keeps text as written: %j", async (text, rows) => expect((await ledgerRead(fileOf(text))).rows).toEqual(rows));

  it.each([
    ["", "ledger.csv", "empty"],
    ["姓名\n", "ledger.csv", "empty"],
    ['姓名\n"甲\n', "ledger.csv", "unreadable"],
    ["no zip", "ledger.xlsx", "unreadable"],
  ])("refuses %j as %s: %s", async (text, name, code) =>
    expect(ledgerRead(fileOf(text, name))).rejects.toEqual(new LedgerError(code as LedgerError["code"])));

  it("writes no formula", () => expect(csvWrite([["=1+1", "甲"]])).toBe("\ufeff\"'=1+1\",甲"));
});
