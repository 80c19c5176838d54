// @ts-check
/** Results as elements. Everything that came from a document is set as text, never as HTML. */

import { cut } from "./spans.js";
import { STRINGS, fill } from "./strings.js";

/** @typedef {import("./strings.js").Language} Language */

const KINDS = ["exact", "glossary", "aligned"];

/**
 * Make an element with a class and children; a string becomes a text node.
 * @param {string} name
 * @param {string} className
 * @param {...(Node | string)} children
 */
export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/**
 * Return a result as a list item.
 * @param {any} result
 * @param {Language} language of the page
 */
export function resultItem(result, language) {
  const item = element("li", "result", title(result.document), about(result, language));
  if (result.heading_path.length) item.append(element("p", "path", result.heading_path.join(" › ")));
  item.append(passage(result));
  item.lang = result.language === "zh" ? "zh-CN" : "en";
  item.id = `passage-${result.passage_id}`;
  return item;
}

/**
 * Return the figure that answers, with a link to its passage.
 * @param {any} answer
 * @param {Language} language of the page
 */
export function answerCard(answer, language) {
  const shown = answer.display[language] ?? answer.text;
  const source = element("a", "", answer.of ?? answer.text);
  source.setAttribute("href", `#passage-${answer.passage_id}`);
  return [element("h2", "", STRINGS[language].answer), element("p", "figure", shown), element("p", "of", source)];
}

/** @param {any} found */
function title(found) {
  const heading = element("h3", "title");
  // A link that came with a document may be anything, javascript: among it.
  if (/^https?:\/\//i.test(found.source ?? "")) {
    const link = element("a", "", found.title);
    link.setAttribute("href", found.source);
    link.setAttribute("rel", "noreferrer noopener");
    heading.append(link);
  } else {
    heading.append(found.title);
  }
  return heading;
}

/**
 * @param {any} result
 * @param {Language} language
 */
function about(result, language) {
  const { document_number, issuer, issued_on, year, kind } = result.document;
  const strings = STRINGS[language];
  const { page, paragraph } = result.place;
  const parts = [document_number, issuer, issued_on ?? year, kind, page && fill(strings.page, { number: page })];
  parts.push(fill(strings.paragraph, { number: paragraph }));
  const line = element("p", "about");
  for (const part of parts.filter(Boolean)) line.append(element("span", "", String(part)));
  return line;
}

/** @param {any} result */
function passage(result) {
  const text = element("p", "passage");
  for (const piece of cut(result.text, result.evidence)) {
    const known = KINDS.includes(piece.kind ?? "");
    text.append(known ? element("mark", String(piece.kind), piece.text) : piece.text);
  }
  return text;
}
