// Two languages: Chinese first. A code without a word of its own is shown as it is, so that nothing is hidden.
import { createI18n } from "vue-i18n";
import zh from "./zh";
import en from "./en";

const KEPT_IN = "hulei.language";
export type Language = "zh" | "en";

function firstLanguage(): Language {
  return localStorage.getItem(KEPT_IN) === "en" ? "en" : "zh";
}

export const i18n = createI18n({
  legacy: false,
  locale: firstLanguage(),
  fallbackLocale: false,
  messages: { zh, en },
  missingWarn: false,
  fallbackWarn: false,
  missing: (_locale, key) => key.slice(key.indexOf(".") + 1),
});

export function languageSet(language: Language): void {
  i18n.global.locale.value = language;
  localStorage.setItem(KEPT_IN, language);
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}

document.documentElement.lang = firstLanguage() === "zh" ? "zh-CN" : "en";
