/** Patterns of a scanner. None of this is run. */
export const RULES = [
  { id: "dangerous-exec", pattern: /\b(?:exec|execSync|spawn|spawnSync|execFile|execFileSync)\s*\(/, context: /child_process/ },
  { id: "dynamic-code", pattern: /\beval\s*\(|new\s+Function\s*\(/ },
  { id: "mining", pattern: /stratum\+tcp|coinhive|cryptonight|xmrig/i },
  { id: "exfiltration", pattern: /readFileSync|readFile/, context: /\bfetch\b|\bpost\b/i },
  { id: "obfuscation", pattern: /(?:\\x[0-9a-f]{2}){6,}/i },
] as const;

export function findings(source: string): string[] {
  return RULES.filter((rule) => rule.pattern.exec(source) !== null).map((rule) => rule.id);
}
