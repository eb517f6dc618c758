// Sends the rows of a ledger in blocks and joins what the server says of each; a block that fails can be sent again,
// since a repeat of (upload, row) changes nothing.
import { api, ask, type Schemas } from "@/api/client";
import { CSRF } from "@/session";
import { mapApply, mapBind, mapHeading, type FeedMap } from "./map";
import { csvWrite, type Ledger } from "./read";

export type RowOutcome = Schemas["FeedOutcomes"]["items"][number];
const BLOCK = 500;
/** Under the megabyte that the server takes, with room for the frame around the rows. */
const BLOCK_BYTES = 900_000;
/** The header is line 1. */
const FIRST_LINE = 2;

export interface LedgerRows {
  rows: Schemas["FeedRows"]["rows"];
  /** Lines without the key that names the record; the server would not know whose they are. */
  withoutSubject: number[];
}

export function ledgerRows(ledger: Ledger, map: FeedMap): LedgerRows {
  const bound = mapBind(map, ledger.headers);
  const withoutSubject: number[] = [];
  const rows = ledger.rows.flatMap((cells, index) => {
    const record = mapApply(map, bound, cells);
    const row = index + FIRST_LINE;
    if (record.subject === "") {
      withoutSubject.push(row);
      return [];
    }
    return [{ row, ...record }];
  });
  return { rows, withoutSubject };
}

/** Blocks of as many rows and bytes as the server takes at once. */
export function blocksMake(rows: LedgerRows["rows"]): LedgerRows["rows"][] {
  const blocks: LedgerRows["rows"][] = [];
  const encoder = new TextEncoder();
  let bytes = Infinity;
  for (const row of rows) {
    const size = encoder.encode(JSON.stringify(row)).length + 1;
    const last = blocks.at(-1);
    if (last === undefined || last.length === BLOCK || bytes + size > BLOCK_BYTES) {
      blocks.push([row]);
      bytes = size;
    } else {
      last.push(row);
      bytes += size;
    }
  }
  return blocks;
}

export async function ledgerSend(
  type: string,
  rows: LedgerRows["rows"],
  upload: string | null,
  onProgress: (sent: number) => void,
): Promise<RowOutcome[]> {
  const outcomes: RowOutcome[] = [];
  for (const block of blocksMake(rows)) {
    const body = { type, rows: block };
    const answer =
      upload === null
        ? await ask(api.POST("/feeds/dry-run", { params: CSRF, body }))
        : await ask(api.POST("/feeds/uploads", { params: CSRF, body: { ...body, upload } }));
    outcomes.push(...answer.items);
    onProgress(outcomes.length);
  }
  return outcomes;
}

/** The refused lines as they were, with the reason in a last column: to be corrected and sent again. */
export function rejectFile(ledger: Ledger, map: FeedMap, outcomes: readonly RowOutcome[], withoutSubject: readonly number[], reasonHeader: string): string {
  const refused = new Map<number, string>(withoutSubject.map((row) => [row, `${mapHeading(map, "subject")}: required`]));
  for (const outcome of outcomes) {
    if (outcome.outcome === "refused") {
      refused.set(outcome.row, `${outcome.field === undefined ? (outcome.code ?? "") : mapHeading(map, outcome.field)}: ${outcome.rule ?? ""}`);
    }
  }
  const lines = ledger.rows.flatMap((cells, index) => {
    const reason = refused.get(index + FIRST_LINE);
    return reason === undefined ? [] : [[...cells, reason]];
  });
  return csvWrite([[...ledger.headers, reasonHeader], ...lines]);
}
