// Who is signed in. Roles decide which pages the menu shows; what is answered is decided by the server alone.
import { computed, readonly, ref } from "vue";
import { api, ask, csrfSet, sessionEndHandle, type Schemas } from "@/api/client";

export type Me = Schemas["Me"];
export type Role = Schemas["Role"];

const current = ref<Me | null>(null);
const ended = ref(false);

export const me = readonly(current);
/** A session that was open is over: the page says so instead of only asking to sign in. */
export const sessionEnded = readonly(ended);
export const roles = computed<readonly Role[]>(() => current.value?.roles ?? []);

export function hasRole(...wanted: readonly Role[]): boolean {
  return wanted.some((role) => roles.value.includes(role));
}

sessionEndHandle(() => {
  ended.value = current.value !== null;
  current.value = null;
});

/** Loads the account of an open session; false when there is none. */
export async function sessionLoad(): Promise<boolean> {
  try {
    current.value = await ask(api.GET("/me"));
    csrfSet(current.value.csrf);
    ended.value = false;
    return true;
  } catch {
    return false;
  }
}

export async function signIn(account: string, password: string): Promise<Schemas["SignIn"]> {
  const step = await ask(api.POST("/session", { body: { account, password } }));
  csrfSet(step.csrf);
  return step;
}

/** The middleware sets the header; the type asks for it at each call. */
export const CSRF = { header: { "X-CSRF-Token": "" } };

export async function factorConfirm(code: string): Promise<Schemas["SignIn"]> {
  const step = await ask(api.POST("/session/factor", { params: CSRF, body: { code } }));
  csrfSet(step.csrf);
  return step;
}

export async function signOut(): Promise<void> {
  await ask(api.DELETE("/session", { params: CSRF })).catch(() => undefined);
  current.value = null;
  ended.value = false;
}
