// A ledger file becomes rows of text, in the browser: the file itself never leaves the clerk's machine.
import Papa from "papaparse";

export interface Ledger {
  headers: string[];
  rows: string[][];
}

export class LedgerError extends Error {
  constructor(readonly code: "empty" | "too_big" | "unreadable") {
    super(code);
  }
}

const MAX_BYTES = 20 * 1024 * 1024;
const UTF8_BOM = "\ufeff";

/** Most offices still save GB18030; UTF-8 is what decodes without a fault. */
export function textDecode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

function rowsOfCsv(bytes: ArrayBuffer): string[][] {
  const text = textDecode(bytes);
  const parsed = Papa.parse<string[]>(text.startsWith(UTF8_BOM) ? text.slice(1) : text, { skipEmptyLines: "greedy" });
  if (parsed.errors.some((error) => error.type === "Quotes")) {
    throw new LedgerError("unreadable");
  }
  return parsed.data;
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) {
    return "";
  }
  return cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell);
}

async function rowsOfSheet(file: Blob): Promise<string[][]> {
  const { default: readSheet } = await import("read-excel-file");
  const rows = await readSheet(file, { parseNumber: (text: string) => text as unknown as number });
  return rows.map((row) => row.map(cellText)).filter((row) => row.some((cell) => cell !== ""));
}

/** First row: headers. Numbers stay as written: a citizen number is text, 18 digits do not fit a double. */
export async function ledgerRead(file: File): Promise<Ledger> {
  if (file.size > MAX_BYTES) {
    throw new LedgerError("too_big");
  }
  let rows: string[][];
  try {
    rows = /\.xlsx$/iu.test(file.name) ? await rowsOfSheet(file) : rowsOfCsv(await file.arrayBuffer());
  } catch (fault) {
    throw fault instanceof LedgerError ? fault : new LedgerError("unreadable");
  }
  const [headers, ...body] = rows;
  if (headers === undefined || body.length === 0) {
    throw new LedgerError("empty");
  }
  return { headers, rows: body.map((row) => headers.map((_, column) => (row[column] ?? "").trim())) };
}

/** A CSV that spreadsheet programs open right: byte-order mark, and no cell that they would take for a formula. */
export function csvWrite(rows: readonly (readonly string[])[]): string {
  return UTF8_BOM + Papa.unparse(rows as string[][], { escapeFormulae: true, newline: "\r\n" });
}
