const MAP = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
export const escape = (text) => text.replace(/[&<>"']/g, (sign) => MAP[sign]);
export const unescapeSlashes = (text) => text.replace(/\\(.)/g, "$1");
