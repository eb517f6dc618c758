// Pages and the roles that have them. A page nobody may see is not in the menu; the server refuses its data anyway.
import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";
import { hasRole, me, sessionLoad, type Role } from "@/session";

declare module "vue-router" {
  interface RouteMeta {
    roles?: readonly Role[];
    /** Key under `menu.`; absent: not in the menu. */
    menu?: string;
  }
}

const REVIEWERS = ["reviewer", "second_reviewer"] as const;
const POSTS = ["post_officer", "post_lead"] as const;

export const routes: RouteRecordRaw[] = [
  { path: "/sign-in", name: "sign-in", component: () => import("@/pages/SignIn.vue") },
  { path: "/queue", name: "queue", component: () => import("@/pages/ReviewQueue.vue"), meta: { roles: REVIEWERS, menu: "queue" } },
  { path: "/tasks/:task", name: "task", component: () => import("@/pages/ReviewTask.vue"), props: true, meta: { roles: REVIEWERS } },
  { path: "/inbox", name: "inbox", component: () => import("@/pages/PostInbox.vue"), meta: { roles: POSTS, menu: "inbox" } },
  { path: "/inbox/:alert/:post", name: "alert", component: () => import("@/pages/PostAlert.vue"), props: true, meta: { roles: POSTS } },
  { path: "/search", name: "search", component: () => import("@/pages/PersonSearch.vue"), meta: { roles: [...REVIEWERS, "post_lead"], menu: "search" } },
  { path: "/looks", name: "looks", component: () => import("@/pages/LookRequests.vue"), meta: { roles: [...REVIEWERS, ...POSTS], menu: "looks" } },
  { path: "/overview", name: "overview", component: () => import("@/pages/OverviewPage.vue"), meta: { roles: ["post_lead", "operator"], menu: "overview" } },
  { path: "/feeds", name: "feeds", component: () => import("@/pages/FeedsPage.vue"), meta: { roles: ["operator"], menu: "feeds" } },
  { path: "/audit", name: "audit", component: () => import("@/pages/AuditPage.vue"), meta: { roles: ["auditor"], menu: "audit" } },
  { path: "/users", name: "users", component: () => import("@/pages/UsersPage.vue"), meta: { roles: ["administrator", "security_officer"], menu: "users" } },
  { path: "/password", name: "password", component: () => import("@/pages/PasswordPage.vue") },
  { path: "/:rest(.*)*", name: "home", component: () => import("@/pages/NothingHere.vue") },
];

export const router = createRouter({ history: createWebHistory(), routes });

/** The first page of the menu that the account has. */
export function homeName(): string {
  return String(routes.find((route) => route.meta?.menu !== undefined && hasRole(...(route.meta.roles ?? [])))?.name ?? "password");
}

router.beforeEach(async (to) => {
  if (to.name === "sign-in") {
    return true;
  }
  if (me.value === null && !(await sessionLoad())) {
    return { name: "sign-in", query: to.path === "/" ? {} : { next: to.fullPath } };
  }
  if (me.value?.password_due === true && to.name !== "password") {
    return { name: "password" };
  }
  if (to.path === "/" || (to.meta.roles !== undefined && !hasRole(...to.meta.roles))) {
    return { name: homeName() };
  }
  return true;
});
