// Pages of a keyset-paged list as the reader has scrolled through them. When something changed, only what is in sight is
// asked for again, however far the list was read.

export interface Row {
  task: string;
}

export interface Page<R extends Row> {
  after: string | null;
  items: R[];
  next: string | null;
  /** Read before the last change. */
  isOld: boolean;
}

/** Rows in their order; one that moved from a page to another meanwhile stands once. */
export function pagesRows<R extends Row>(pages: readonly Page<R>[]): R[] {
  const seen = new Set<string>();
  return pages.flatMap((page) => page.items).filter((row) => !seen.has(row.task) && seen.add(row.task));
}

export function pagesAge<R extends Row>(pages: readonly Page<R>[]): Page<R>[] {
  return pages.map((page) => ({ ...page, isOld: true }));
}

/** The first old page with a row from `first` to `last`; -1: none. */
export function pagesFindOld<R extends Row>(pages: readonly Page<R>[], first: number, last: number): number {
  let begin = 0;
  for (const [index, page] of pages.entries()) {
    const end = begin + page.items.length;
    if (page.isOld && begin <= last && (end > first || (index === pages.length - 1 && end <= first))) {
      return index;
    }
    begin = end;
  }
  return -1;
}

/** Puts a page anew. When it ends elsewhere than before, the pages after it begin elsewhere, too: they are dropped. */
export function pagesReplace<R extends Row>(pages: readonly Page<R>[], index: number, page: Omit<Page<R>, "after">): Page<R>[] {
  const old = pages[index];
  if (old === undefined) {
    return [...pages];
  }
  const fresh = { ...page, after: old.after };
  const rest = old.next === page.next ? pages.slice(index + 1) : [];
  return [...pages.slice(0, index), fresh, ...rest];
}
