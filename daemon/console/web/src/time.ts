// Times as offices read them: China Standard Time, whatever the desk's clock is set to.

const FORMAT = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
});

/** 2026-03-02 08:15, or an empty text. */
export function timeShow(at: string | null | undefined): string {
  if (at === null || at === undefined) {
    return "";
  }
  const parts = Object.fromEntries(FORMAT.formatToParts(new Date(at)).map((part) => [part.type, part.value]));
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}`;
}
