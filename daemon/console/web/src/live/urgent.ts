// What nobody may miss, on whatever page: red and emergency alerts no one of the post acknowledged, red tasks no reviewer
// took. Looked at again at each live event of the own kind, and when a page says that something was answered.
import { api, ask } from "@/api/client";
import { hasRole } from "@/session";
import { alarmSet } from "./alarm";
import { liveOn } from "./events";

async function count(): Promise<number> {
  if (hasRole("post_officer", "post_lead")) {
    return (await ask(api.GET("/inbox", { params: { query: { limit: 1 } } }))).unacknowledged_red;
  }
  if (hasRole("reviewer", "second_reviewer")) {
    const { items } = await ask(api.GET("/tasks/counts"));
    return items.filter((item) => item.tier === 1).reduce((sum, item) => sum + item.unclaimed, 0);
  }
  return 0;
}

/** A question that is not answered leaves the alarm as it is: silence would be wrong. */
export async function urgentLook(): Promise<void> {
  try {
    alarmSet(await count());
  } catch {
    // The page says what is wrong; the alarm keeps its state.
  }
}

/** Until the returned function is called. */
export function urgentWatch(): () => void {
  const stops = [liveOn("inbox", () => void urgentLook()), liveOn("queue", () => void urgentLook())];
  void urgentLook();
  return () => {
    stops.forEach((stop) => stop());
    alarmSet(0);
  };
}
