// Renders the server's OpenAPI document. Everything becomes text nodes, so
// nothing in the document can act as markup.
"use strict";

const methods = ["get", "post", "put", "patch", "delete"];
let description = {};

// el makes an element: attributes first, then children, strings as text.
function el(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

// prose shows text with `code` and blank-line paragraphs.
function prose(text) {
  return (text || "").split(/\n\n+/).map((paragraph) =>
    el("p", {}, paragraph.split("`").map((part, i) => (i % 2 ? el("code", {}, part) : part))));
}

function resolve(node) {
  if (!node || !node.$ref) return node;
  return node.$ref.slice(2).split("/").reduce((at, key) => at && at[key], description);
}

function schemaName(ref) {
  return ref.split("/").pop();
}

// typeOf says in a few words, with links, what a schema accepts.
function typeOf(schema) {
  if (!schema) return [];
  if (schema.$ref) {
    const name = schemaName(schema.$ref);
    return [el("a", { href: "#schema-" + name }, name)];
  }
  const choices = schema.oneOf || schema.anyOf || schema.allOf;
  if (choices) return join(choices.map(typeOf), schema.allOf ? " and " : " or ");
  if (schema.type === "array") return ["list of ", ...typeOf(schema.items)];
  if (schema.type === "object" && schema.additionalProperties) return ["map of ", ...typeOf(schema.additionalProperties)];
  const types = [].concat(schema.type || "anything").join(" or ");
  return [schema.format ? types + " (" + schema.format + ")" : types];
}

function join(lists, separator) {
  return lists.flatMap((list, i) => (i ? [separator, ...list] : list));
}

const limits = {
  minimum: "at least", maximum: "at most", minLength: "length at least", maxLength: "length at most",
  minItems: "items at least", maxItems: "items at most", default: "default",
};

// remarks lists what else is to be known about a value.
function remarks(schema) {
  const said = [];
  if (!schema) return said;
  const of = schema.type === "array" && schema.items ? schema.items : schema;
  if (of.enum) said.push("one of " + of.enum.map(String).join(", "));
  for (const [key, words] of Object.entries(limits)) {
    if (schema[key] !== undefined) said.push(words + " " + JSON.stringify(schema[key]));
  }
  if (schema.examples) said.push("for example " + JSON.stringify(schema.examples[0]));
  return said;
}

function valueRow(name, required, schema, text) {
  const said = remarks(schema);
  return el("tr", {},
    el("td", {}, el("code", required ? { class: "required" } : {}, name)),
    el("td", { class: "type" }, ...typeOf(schema)),
    el("td", {}, ...prose(text || schema.description), said.length ? el("p", { class: "note" }, said.join("; ")) : null));
}

function table(caption, rows) {
  if (!rows.length) return [];
  const head = ["Name", "Type", "Meaning"].map((name) => el("th", { scope: "col" }, name));
  return [el("h4", {}, caption), el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows))];
}

function parameters(operation) {
  const list = (operation.parameters || []).map(resolve);
  return ["path", "query", "header"].flatMap((where) =>
    table({ path: "In the path", query: "In the query", header: "Headers" }[where],
      list.filter((p) => p.in === where).map((p) => valueRow(p.name, p.required, p.schema, p.description))));
}

function requestBody(operation) {
  if (!operation.requestBody) return [];
  return [el("h4", {}, "Body"), ...Object.entries(operation.requestBody.content).map(([media, content]) =>
    el("p", {}, ...typeOf(content.schema), " as ", el("code", {}, media)))];
}

function answers(operation) {
  const rows = Object.entries(operation.responses || {}).map(([status, raw]) => {
    const response = resolve(raw);
    const media = Object.values(response.content || {})[0];
    return el("tr", {}, el("td", {}, el("code", {}, status)),
      el("td", { class: "type" }, ...typeOf(media && media.schema)), el("td", {}, ...prose(response.description)));
  });
  const head = ["Status", "Type", "Meaning"].map((name) => el("th", { scope: "col" }, name));
  return [el("details", {}, el("summary", {}, "Answers"),
    el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows)), problems(operation))];
}

// problems links the codes that this operation can answer with.
function problems(operation) {
  const links = (operation["x-problem-codes"] || []).map((code) =>
    [el("a", { href: "/problems/" + code.replaceAll("_", "-") }, code)]);
  return links.length ? el("p", { class: "note" }, "Problem codes here: ", ...join(links, ", ")) : null;
}

function authorisation(operation) {
  const authz = operation["x-authz"];
  if (!authz) return null;
  const needs = (authz.capability || []).join(", ");
  const words = {
    public: "Open to anybody.", self: "Needs a signed-in caller.",
    workspace: "Needs a member of the workspace", tenant: "Needs a member entitled to the tenant",
  }[authz.scope];
  return el("p", { class: "note" }, needs ? words + " with " + needs + "." : words);
}

function operationSection(path, method, operation) {
  return el("section", { class: "operation", id: operation.operationId },
    el("h3", {}, operation.summary),
    el("p", { class: "address" }, el("span", { class: "method" }, method.toUpperCase()), " ", el("code", {}, base() + path)),
    ...prose(operation.description), authorisation(operation),
    ...parameters(operation), ...requestBody(operation), ...answers(operation));
}

function base() {
  return ((description.servers || [])[0] || { url: "" }).url;
}

function schemaSection(name, schema) {
  const required = schema.required || [];
  const rows = Object.entries(schema.properties || {}).map(([property, of]) =>
    valueRow(property, required.includes(property), of, of.description));
  return el("section", { class: "schema", id: "schema-" + name }, el("h3", {}, name), ...table("Properties", rows));
}

function operationsByTag() {
  const groups = new Map((description.tags || []).map((tag) => [tag.name, { tag, list: [] }]));
  for (const [path, item] of Object.entries(description.paths || {})) {
    for (const method of methods) {
      const operation = item[method];
      const group = operation && groups.get((operation.tags || [])[0]);
      if (group) group.list.push({ path, method, operation });
    }
  }
  return [...groups.values()].filter((group) => group.list.length);
}

function indexOf(groups) {
  return groups.map(({ tag, list }) => el("div", {}, el("strong", {}, tag.name), el("ul", {}, list.map(({ method, path, operation }) =>
    el("li", { "data-text": (operation.summary + " " + method + " " + path).toLowerCase() },
      el("a", { href: "#" + operation.operationId }, operation.summary))))));
}

function render() {
  const groups = operationsByTag();
  document.getElementById("title").textContent = description.info.title;
  document.getElementById("index").replaceChildren(...indexOf(groups));
  const sections = groups.flatMap(({ tag, list }) => [el("h2", {}, tag.name), ...prose(tag.description),
    ...list.map(({ path, method, operation }) => operationSection(path, method, operation))]);
  const schemas = Object.entries(description.components.schemas).map(([name, schema]) => schemaSection(name, schema));
  document.getElementById("content").replaceChildren(
    el("div", { class: "intro" }, ...prose(description.info.description)), ...sections, el("h2", {}, "Types"), ...schemas);
}

function filter(event) {
  const wanted = event.target.value.toLowerCase();
  for (const item of document.querySelectorAll("#index li")) item.hidden = !item.dataset.text.includes(wanted);
}

async function start() {
  const state = document.getElementById("state");
  try {
    const response = await fetch("/openapi.json", { credentials: "omit" });
    if (!response.ok) throw new Error("status " + response.status);
    description = await response.json();
  } catch (error) {
    state.textContent = "The description could not be loaded (" + error.message + "). Reload the page to try again.";
    return;
  }
  render();
  document.getElementById("filter").addEventListener("input", filter);
  if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

start();
