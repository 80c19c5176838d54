// @ts-check
/** What the page says, in both languages. */

/** @typedef {"zh" | "en"} Language */

export const STRINGS = {
  zh: {
    heading: "用中文或英文查政策文件",
    label: "问题",
    placeholder: "例如：科技创新券补助发了多少钱",
    search: "搜索",
    examples: "可以这样问",
    loading: "正在查找……",
    nothing: "没有找到。请换个说法，或少用几个词。",
    more: "显示更多",
    keyNeeded: "此服务需要密钥",
    keySend: "使用",
    offline: "连不上服务。请检查网络，再试一次。",
    failed: "出错了",
    answer: "答案",
    paragraph: "第 {number} 段",
    page: "第 {number} 页",
    found: "找到 {total} 段，用时 {ms} 毫秒",
    about: "{documents} 份文件 · {passages} 段文字 · 第 {generation} 代 · 更新于 {built}",
  },
  en: {
    heading: "Search policy documents in Chinese or English",
    label: "Question",
    placeholder: "For example: how much tech-voucher money was paid",
    search: "Search",
    examples: "Try asking",
    loading: "Searching…",
    nothing: "Nothing found. Try other words, or fewer of them.",
    more: "Show more",
    keyNeeded: "This server asks for a key",
    keySend: "Use it",
    offline: "The server cannot be reached. Check the network and try again.",
    failed: "Something went wrong",
    answer: "Answer",
    paragraph: "paragraph {number}",
    page: "page {number}",
    found: "{total} passages found in {ms} ms",
    about: "{documents} documents · {passages} passages · generation {generation} · built {built}",
  },
};

/**
 * Fill the {names} of a text.
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
