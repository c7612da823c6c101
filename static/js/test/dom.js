// As much of a document as patch.js touches, so that it can be tested without a browser.

class Node {
  parent = null;
  children = [];
  constructor(name, value = null) {
    this.nodeName = name;
    this.nodeValue = value;
  }
  get firstChild() {
    return this.children[0] ?? null;
  }
  get nextSibling() {
    return this.parent?.children[this.parent.children.indexOf(this) + 1] ?? null;
  }
  insertBefore(node, before) {
    node.remove();
    const at = before === null ? this.children.length : this.children.indexOf(before);
    this.children.splice(at, 0, node);
    node.parent = this;
  }
  remove() {
    this.parent?.children.splice(this.parent.children.indexOf(this), 1);
    this.parent = null;
  }
}

class Element extends Node {
  attributes = [];
  get classList() {
    return { contains: (name) => (this.getAttribute("class") ?? "").split(" ").includes(name) };
  }
  getAttribute(name) {
    return this.attributes.find((attribute) => attribute.name === name)?.value ?? null;
  }
  hasAttribute(name) {
    return this.getAttribute(name) !== null;
  }
  setAttribute(name, value) {
    this.removeAttribute(name);
    this.attributes.push({ name, value });
  }
  removeAttribute(name) {
    this.attributes = this.attributes.filter((attribute) => attribute.name !== name);
  }
  isEqualNode(other) {
    return markup(this) === markup(other);
  }
}

globalThis.Element = Element;

/**
 * An element: h("g", {"data-k": "in"}, child, "text").
 */
export function h(name, attributes = {}, ...children) {
  const element = new Element(name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  children.forEach((child) => element.insertBefore(typeof child === "string" ? new Node("#text", child) : child, null));
  return element;
}

/** The element as text, its attributes in the order of their names. */
export function markup(node) {
  if (node.nodeName === "#text") {
    return node.nodeValue;
  }
  const attributes = node.attributes.map(({ name, value }) => ` ${name}="${value}"`).sort();
  return `<${node.nodeName}${attributes.join("")}>${node.children.map(markup).join("")}</${node.nodeName}>`;
}
