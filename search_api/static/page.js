// @ts-check
/** Our page: one box, its results, and what it says meanwhile. */

import { answerCard, element, resultItem } from "./results.js";
import { STRINGS, fill } from "./strings.js";

/** @typedef {import("./strings.js").Language} Language */

const PAGE_SIZE = 10;
const DEEPEST = 1000;

const form = /** @type {HTMLFormElement} */ (document.getElementById("ask"));
const box = /** @type {HTMLInputElement} */ (document.getElementById("question"));
const status = /** @type {HTMLElement} */ (document.getElementById("status"));
const answer = /** @type {HTMLElement} */ (document.getElementById("answer"));
const list = /** @type {HTMLElement} */ (document.getElementById("results"));
const more = /** @type {HTMLButtonElement} */ (document.getElementById("more"));
const examples = /** @type {HTMLElement} */ (document.getElementById("examples"));
const keyForm = /** @type {HTMLFormElement} */ (document.getElementById("key"));
const keyField = /** @type {HTMLInputElement} */ (document.getElementById("key-field"));

/** @type {Language} */
let language = recalled() ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
/** Counts searches, so that a late answer never replaces a newer one. */
let latest = 0;
/** @type {any[]} */
let shown = [];
/** @type {any} */
let found = null;
/** @type {any} */
let index = null;
let key = "";
/** The question that the page shows the results of; "" at the start. */
let asked = "";
/** @type {() => string} says the present state in the page's language */
let saying = () => "";

/** An error that the server explained. */
class ProblemError extends Error {
  /** @param {any} problem */
  constructor(problem) {
    super(problem.detail ?? problem.title);
    this.status = problem.status;
  }
}

/**
 * Ask the API. Raises ProblemError, or TypeError where the server cannot be reached.
 * @param {string} path
 */
async function get(path) {
  const answered = await fetch(path, { headers: key ? { "X-API-Key": key } : {} });
  const body = await answered.json().catch(() => ({ title: answered.statusText, status: answered.status }));
  if (!answered.ok) throw new ProblemError(body);
  return body;
}

/** Search for what is in the box, from the first result on. */
async function search() {
  asked = box.value.trim();
  if (inAddress() !== asked) history.pushState(null, "", asked ? `#q=${encodeURIComponent(asked)}` : "./");
  if (asked) await load(asked, 0);
  else showStart();
}

/**
 * Load results and show them after those shown, or in their place where offset is 0.
 * @param {string} question
 * @param {number} offset
 */
async function load(question, offset) {
  const mine = ++latest;
  if (offset === 0) clear();
  busy(true);
  say(() => STRINGS[language].loading);
  try {
    const parameters = new URLSearchParams({ q: question, limit: String(PAGE_SIZE), offset: String(offset) });
    const body = await get(`v1/search?${parameters}`);
    if (mine === latest) show(body, offset);
  } catch (error) {
    if (mine === latest) showError(error);
  } finally {
    if (mine === latest) busy(false);
  }
}

/**
 * @param {any} body
 * @param {number} offset
 */
function show(body, offset) {
  found = body;
  shown = offset ? [...shown, ...body.results] : body.results;
  const { total, took_ms } = body;
  say(() =>
    shown.length ? fill(STRINGS[language].found, { total, ms: took_ms.toFixed(0) }) : STRINGS[language].nothing,
  );
  more.hidden = body.results.length < PAGE_SIZE || shown.length + PAGE_SIZE > DEEPEST;
  draw();
}

/** Put the results on the page, in its language. */
function draw() {
  document.body.classList.toggle("asked", asked !== "");
  list.replaceChildren(...shown.map((result) => resultItem(result, language)));
  answer.hidden = !found?.answer;
  answer.replaceChildren(...(found?.answer ? answerCard(found.answer, language) : []));
  drawExamples();
}

/** @param {unknown} error */
function showError(error) {
  status.classList.add("error");
  if (error instanceof ProblemError) {
    keyForm.hidden = error.status !== 401;
    say(() => `${STRINGS[language].failed}: ${error.message}`);
  } else {
    say(() => STRINGS[language].offline);
  }
}

function clear() {
  shown = [];
  found = null;
  status.classList.remove("error");
  keyForm.hidden = true;
  more.hidden = true;
  draw();
}

function showStart() {
  latest += 1;
  busy(false);
  say(() => "");
  clear();
}

/** @param {boolean} is */
function busy(is) {
  document.body.classList.toggle("busy", is);
  list.setAttribute("aria-busy", String(is));
}

/** @param {() => string} text */
function say(text) {
  saying = text;
  status.textContent = text();
}

/** Write the page's own words in its language. */
function translate() {
  const strings = /** @type {Record<string, string>} */ (STRINGS[language]);
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const place of document.querySelectorAll("[data-text]")) {
    place.textContent = strings[/** @type {HTMLElement} */ (place).dataset.text ?? ""];
  }
  for (const button of document.querySelectorAll("[data-language]")) {
    const pressed = /** @type {HTMLElement} */ (button).dataset.language === language;
    button.setAttribute("aria-pressed", String(pressed));
  }
  box.placeholder = strings.placeholder;
  status.textContent = saying();
  describeIndex();
  draw();
}

function describeIndex() {
  if (!index) return;
  const number = new Intl.NumberFormat(language);
  const about = /** @type {HTMLElement} */ (document.getElementById("about"));
  about.textContent = fill(STRINGS[language].about, {
    documents: number.format(index.documents),
    passages: number.format(index.passages),
    generation: index.index_generation,
    built: new Date(index.built_at).toLocaleDateString(language === "zh" ? "zh-CN" : "en-GB"),
  });
}

/** Offer example questions while nothing is asked, the page's language first. */
function drawExamples() {
  const questions = index?.example_questions ?? [];
  examples.hidden = questions.length === 0 || asked !== "";
  const ordered = [...questions].sort(
    (a, b) => Number(b.language === language) - Number(a.language === language),
  );
  const items = ordered.map(({ question, language: spoken }) => {
    const link = element("a", "", question);
    link.setAttribute("href", `#q=${encodeURIComponent(question)}`);
    link.lang = spoken === "zh" ? "zh-CN" : "en";
    return element("li", "", link);
  });
  examples.querySelector("ul")?.replaceChildren(...items);
}

/** The question in the address; its fragment is never sent to a server. */
function inAddress() {
  return new URLSearchParams(location.hash.slice(1)).get("q") ?? "";
}

function followAddress() {
  if (location.hash && !location.hash.startsWith("#q=")) return; // a link to a passage on this page
  box.value = inAddress();
  search();
}

/** @returns {Language | null} */
function recalled() {
  try {
    const kept = localStorage.getItem("language");
    return kept === "zh" || kept === "en" ? kept : null;
  } catch {
    return null; // storage is switched off
  }
}

/** @param {Language} chosen */
function choose(chosen) {
  language = chosen;
  try {
    localStorage.setItem("language", chosen);
  } catch {
    // storage is switched off: the choice lasts as long as the page
  }
  translate();
}

async function loadIndex() {
  try {
    index = await get("v1/index");
    describeIndex();
    drawExamples();
  } catch (error) {
    if (!asked) showError(error);
  }
}

// The Enter that takes an input method's candidate is not a question. Safari sends it after the composition has
// ended, as key code 229; Android reports Latin typing as composition, so other keys are let be.
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
keyForm.addEventListener("submit", (event) => {
  event.preventDefault();
  key = keyField.value;
  keyForm.hidden = true;
  loadIndex();
  search();
});
more.addEventListener("click", () => load(asked, shown.length));
window.addEventListener("popstate", followAddress);
for (const button of document.querySelectorAll("[data-language]")) {
  const offered = /** @type {HTMLElement} */ (button).dataset.language;
  button.addEventListener("click", () => choose(offered === "zh" ? "zh" : "en"));
}

translate();
loadIndex();
followAddress();
