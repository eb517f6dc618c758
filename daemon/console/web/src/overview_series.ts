// Rows of the overview as labels and series of a chart.
import type { FigureSeries } from "@/components/FigureChart.vue";

export interface Figure {
  labels: string[];
  series: FigureSeries[];
}

/** One series per distinct `name`, one label per distinct `label`, in the order they come; absent cells are 0. */
export function pivot<T>(rows: readonly T[], label: (row: T) => string, name: (row: T) => string, value: (row: T) => number | null): Figure {
  const labels = [...new Set(rows.map(label))];
  const names = [...new Set(rows.map(name))];
  const cells = new Map(rows.map((row) => [JSON.stringify([label(row), name(row)]), value(row)]));
  const series = names.map((one) => ({
    name: one,
    values: labels.map((at) => {
      const cell = cells.get(JSON.stringify([at, one]));
      return cell === undefined ? 0 : cell;
    }),
  }));
  return { labels, series };
}
