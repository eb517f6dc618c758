import { describe, expect, it } from "vitest";
import { pivot } from "./overview_series";

interface Row {
  week: string;
  post: string;
  count: number | null;
}

describe("a figure", () => {
  it("keeps suppressed cells apart from absent ones", () => {
    const rows: Row[] = [
      { week: "2026-03-02", post: "a", count: 7 },
      { week: "2026-03-09", post: "a", count: null },
      { week: "2026-03-02", post: "b", count: 9 },
    ];
    expect(pivot(rows, (row) => row.week, (row) => row.post, (row) => row.count)).toEqual({
      labels: ["2026-03-02", "2026-03-09"],
      series: [
        { name: "a", values: [7, null] },
        { name: "b", values: [9, 0] },
      ],
    });
  });

  it("of nothing is nothing", () => expect(pivot([], String, String, Number)).toEqual({ labels: [], series: [] }));
});
