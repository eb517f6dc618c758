// One row of a department's table becomes one JSON record, by config/feeds/<type>.yaml. The same mapping as
// daemon/cli/feed_map_apply.c: it converts forms (dates, flags, lists), never meanings; the server judges values.

export type MapKind = "text" | "list" | "flag" | "whole" | "real" | "date";
export type JsonValue = string | number | boolean | JsonValue[] | { [name: string]: JsonValue };
type JsonObject = { [name: string]: JsonValue };

export interface MapColumn {
  headings: string[];
  fields: string[];
  kind?: MapKind;
  words?: { from: string; to: string }[];
}

export interface FeedMap {
  type: string;
  columns: MapColumn[];
  constants?: { field: string; value: string; kind?: MapKind }[];
}

export interface FeedRecord {
  subject: string;
  time?: string;
  data: JsonObject;
}

const SEPARATOR = /[,;/、，；]/u;
const YES = ["true", "1", "是", "有", "Y", "y"];
const NO = ["false", "0", "否", "无", "N", "n"];
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/u;
const WHOLE_DIGITS_MAX = 15;

/** Which column of the map each header is; null: none. */
export function mapBind(map: FeedMap, headers: readonly string[]): (MapColumn | null)[] {
  return headers.map((header) => map.columns.find((column) => column.headings.includes(header.trim())) ?? null);
}

function translate(column: MapColumn | null, text: string): string {
  return column?.words?.find((word) => word.from === text)?.to ?? text;
}

/** 2015年3月4日, 2015/3/4 and 2015.3.4 to 2015-03-04; what has another form stays. */
export function dateValue(text: string): string {
  const parts = text.match(/\d+/gu) ?? [];
  const [year, month, day] = parts;
  if (year === undefined || year.length !== 4 || Number(year) < 1000 || parts.length > 3) {
    return text;
  }
  if ((month?.length ?? 0) > 2 || (day?.length ?? 0) > 2) {
    return text;
  }
  return [year, month?.padStart(2, "0"), day?.padStart(2, "0")].filter((part) => part !== undefined).join("-");
}

function flagValue(text: string): JsonValue {
  return YES.includes(text) ? true : NO.includes(text) ? false : text;
}

function numberValue(text: string, isWhole: boolean): JsonValue {
  const fits = NUMBER.test(text) && text.length <= WHOLE_DIGITS_MAX && (!isWhole || !text.includes("."));
  return fits ? Number(text) : text;
}

function valueMake(column: MapColumn | null, kind: MapKind, text: string): JsonValue {
  switch (kind) {
    case "list":
      return text.split(SEPARATOR).map((item) => translate(column, item.trim())).filter((item) => item !== "");
    case "flag":
      return flagValue(translate(column, text));
    case "whole":
      return numberValue(text, true);
    case "real":
      return numberValue(text, false);
    case "date":
      return dateValue(text);
    case "text":
      return translate(column, text);
  }
}

interface Step {
  name: string;
  index: number | null;
}

function stepsOf(path: string): Step[] {
  return path.split(".").map((part) => {
    const [, name = part, index] = /^([^[]+)\[(\d+)\]$/u.exec(part) ?? [];
    return { name, index: index === undefined ? null : Number(index) };
  });
}

/** The object at a step, made when it is not there and `make` says so. */
function descend(object: JsonObject, step: Step, make: boolean): JsonObject | null {
  if (!(step.name in object)) {
    if (!make) {
      return null;
    }
    object[step.name] = step.index === null ? {} : [];
  }
  const child = object[step.name];
  if (step.index === null) {
    return typeof child === "object" && !Array.isArray(child) ? child : null;
  }
  if (!Array.isArray(child)) {
    return null;
  }
  while (make && child.length <= step.index) {
    child.push({});
  }
  return (child[step.index] as JsonObject | undefined) ?? null;
}

function parentOf(root: JsonObject, steps: readonly Step[], make: boolean): JsonObject | null {
  return steps.slice(0, -1).reduce<JsonObject | null>((object, step) => object && descend(object, step, make), root);
}

function pathSet(root: JsonObject, path: string, value: JsonValue): void {
  const steps = stepsOf(path);
  const parent = parentOf(root, steps, true);
  const last = steps.at(-1);
  if (parent !== null && last !== undefined) {
    parent[last.name] = value;
  }
}

/** Only into an object that holds something, and only what is not there yet. */
function constantSet(root: JsonObject, path: string, value: JsonValue): void {
  const steps = stepsOf(path);
  const parent = parentOf(root, steps, false);
  const last = steps.at(-1);
  if (parent !== null && last !== undefined && Object.keys(parent).length > 0 && !(last.name in parent)) {
    parent[last.name] = value;
  }
}

/** Lists lose the places that no cell filled, as of a mother without a father. */
function gapsRemove(data: JsonObject): void {
  for (const [name, value] of Object.entries(data)) {
    if (Array.isArray(value)) {
      data[name] = value.filter((item) => typeof item !== "object" || Object.keys(item).length > 0);
    }
  }
}

/** Blank cells give no field. */
export function mapApply(map: FeedMap, bound: readonly (MapColumn | null)[], cells: readonly string[]): FeedRecord {
  const root: JsonObject = { data: {} };
  cells.forEach((cell, index) => {
    const column = bound[index] ?? null;
    const text = cell.trim();
    if (column === null || text === "") {
      return;
    }
    for (const field of column.fields) {
      pathSet(root, field, valueMake(column, column.kind ?? "text", text));
    }
  });
  for (const constant of map.constants ?? []) {
    constantSet(root, constant.field, valueMake(null, constant.kind ?? "text", constant.value));
  }
  gapsRemove(root.data as JsonObject);
  return {
    subject: typeof root.subject === "string" ? root.subject : "",
    ...(typeof root.time === "string" ? { time: root.time } : {}),
    data: root.data as JsonObject,
  };
}

/** The heading a clerk knows for a field that the server refused, or the field itself. */
export function mapHeading(map: FeedMap, field: string): string {
  const full = field.startsWith("data.") || field === "subject" || field === "time" ? field : `data.${field}`;
  return map.columns.find((column) => column.fields.includes(full))?.headings[0] ?? field;
}
