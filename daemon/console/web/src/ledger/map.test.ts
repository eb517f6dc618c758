import { describe, expect, it } from "vitest";
import { dateValue, mapApply, mapBind, mapHeading, type FeedMap } from "./map";

const MAP: FeedMap = {
  type: "child",
  columns: [
    { headings: ["编号"], fields: ["subject"] },
    { headings: ["姓名", "儿童姓名"], fields: ["data.person.name"] },
    { headings: ["证件号码"], fields: ["data.person.id_number"] },
    { headings: ["性别"], fields: ["data.person.sex"], words: [{ from: "女", to: "female" }] },
    { headings: ["出生日期"], fields: ["data.person.birth_date"], kind: "date" },
    { headings: ["住址"], fields: ["data.person.residence[0].address"] },
    { headings: ["父亲"], fields: ["data.guardians[0].person.name"] },
    { headings: ["母亲"], fields: ["data.guardians[1].person.name"] },
    { headings: ["情形"], fields: ["data.circumstances"], kind: "list", words: [{ from: "留守", to: "left_behind" }] },
    { headings: ["外出"], fields: ["data.guardians[0].away"], kind: "flag" },
    { headings: ["月数"], fields: ["data.months"], kind: "whole" },
  ],
  constants: [{ field: "data.guardians[1].role", value: "parent" }],
};

function apply(cells: Record<string, string>) {
  return mapApply(MAP, mapBind(MAP, Object.keys(cells)), Object.values(cells));
}

describe("a ledger row", () => {
  it("becomes a record", () =>
    expect(apply({ 编号: "c-1", " 儿童姓名 ": " 甲 ", 性别: "女", 出生日期: "2015年3月4日", 住址: "某街1号", 情形: "留守、孤儿" })).toEqual({
      subject: "c-1",
      data: {
        person: { name: "甲", sex: "female", birth_date: "2015-03-04", residence: [{ address: "某街1号" }] },
        circumstances: ["left_behind", "孤儿"],
      },
    }));

  it("keeps a mother without a father, with her constant", () =>
    expect(apply({ 编号: "c-2", 父亲: "", 母亲: "乙" }).data).toEqual({ guardians: [{ person: { name: "乙" }, role: "parent" }] }));

  it("keeps an 18-digit number as text", () =>
    expect(apply({ 证件号码: "500111201503040029" }).data).toEqual({ person: { id_number: "500111201503040029" } }));

  it.each([
    ["是", true],
    ["否", false],
    ["也许", "也许"],
  ])("flag %s is %j", (text, value) =>
    expect(apply({ 父亲: "丙", 外出: text }).data).toEqual({ guardians: [{ person: { name: "丙" }, away: value }] }));

  it.each([
    ["36", 36],
    ["3.5", "3.5"],
    ["三年", "三年"],
    ["0012", "0012"],
  ])("whole number %s is %j", (text, value) => expect(apply({ 月数: text }).data).toEqual({ months: value }));

  it.each([
    ["2015/3/4", "2015-03-04"],
    ["2015.12", "2015-12"],
    ["2015", "2015"],
    ["20150304", "20150304"],
    ["3/4/2015", "3/4/2015"],
    ["不详", "不详"],
  ])("date %s is %s", (text, value) => expect(dateValue(text)).toBe(value));

  it("names a refused field as the ledger does", () => {
    expect(mapHeading(MAP, "person.name")).toBe("姓名");
    expect(mapHeading(MAP, "data.person.birth_date")).toBe("出生日期");
    expect(mapHeading(MAP, "owner")).toBe("owner");
  });
});
