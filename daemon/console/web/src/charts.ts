// The parts of ECharts the pages draw with, in a chunk of their own.
import { BarChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

export function makeChart(ground: HTMLElement): EChartsType {
  return init(ground, null, { renderer: "svg" });
}
