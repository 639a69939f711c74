const cache = new Map();

/** Fills `{{name}}`; no template is ever compiled to code. */
export function fill(template, values) {
  const key = template.length;
  cache.set(key, (cache.get(key) ?? 0) + 1);
  return template.replace(/\{\{(\w+)\}\}/g, (whole, name) => values[name] ?? whole);
}
