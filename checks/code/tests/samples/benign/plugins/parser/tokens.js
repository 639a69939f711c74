// A tokenizer; the name `exec` belongs to regular expressions here.
const TOKEN = /\s*(?:(\d+)|([a-z]+)|(.))/gy;

export function* tokens(source) {
  TOKEN.lastIndex = 0;
  let match;
  while ((match = TOKEN.exec(source)) !== null) {
    if (match[1]) yield { kind: "number", value: Number(match[1]) };
    else if (match[2]) yield { kind: "word", value: match[2] };
    else yield { kind: "sign", value: match[3] };
  }
}

export function evaluate(source) {
  let total = 0;
  for (const token of tokens(source)) {
    if (token.kind === "number") total += token.value;
  }
  return total;
}
