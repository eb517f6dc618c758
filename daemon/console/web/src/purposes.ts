// Why somebody may look at a person; the word stands in the audit entry.
import type { Schemas } from "@/api/client";

export type Purpose = Schemas["Purpose"];

export const PURPOSES: readonly Purpose[] = ["review", "verify_identity", "visit", "protect", "order_check", "staff_check", "complaint", "correction"];
