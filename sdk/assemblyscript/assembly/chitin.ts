// The contract of chitin as AssemblyScript sees it: a few functions over the imports of `wit/0.1.0`.
//
// Only what checks of the config need is here. The names after `@external` are the contract's; how values lie in memory
// is set by the component model's canonical ABI, with strings as UTF-16.

// @ts-ignore: decorator
@external("chitin:audit/config@0.1.0", "effective")
declare function importedEffective(pointer: usize, length: usize, result: usize): void;

// @ts-ignore: decorator
@external("chitin:audit/report@0.1.0", "add")
declare function importedAdd(
  rule: usize, ruleLength: usize, severity: i32, title: usize, titleLength: usize, detail: usize, detailLength: usize,
  hasRemediation: i32, remediation: usize, remediationLength: usize, locations: usize, locationCount: usize,
  evidence: usize, evidenceCount: usize, fixes: usize, fixCount: usize, result: usize,
): void;

// @ts-ignore: decorator
@external("chitin:audit/report@0.1.0", "not-run")
declare function importedNotRun(rule: usize, ruleLength: usize, reason: usize, reasonLength: usize): void;

// @ts-ignore: decorator
@external("chitin:audit/report@0.1.0", "skipped")
declare function importedSkipped(rule: usize, ruleLength: usize, reason: usize, reasonLength: usize): void;

/** The host puts its answers into memory that it asks for here. An instance runs once, so nothing is given back. */
export function cabi_realloc(old: usize, oldSize: usize, align: usize, size: usize): usize {
  const block = heap.alloc(size);
  if (old != 0) memory.copy(block, old, oldSize < size ? oldSize : size);
  return block;
}

/** What AssemblyScript calls where a program fails: the host counts the rules that have not spoken as not run. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  unreachable();
}

export enum Severity { Info, Warn, Critical }

/** Why the host gave no answer. */
export class Refusal {
  constructor(readonly notHere: bool, readonly reason: string) {}

  /** Ends a rule with the refusal's reason. */
  report(rule: string): void {
    const name = changetype<usize>(rule), reason = changetype<usize>(this.reason);
    if (this.notHere) importedSkipped(name, rule.length, reason, this.reason.length);
    else importedNotRun(name, rule.length, reason, this.reason.length);
  }
}

/** An answer of the host: JSON text, nothing, or a refusal. */
export class Answer {
  constructor(readonly json: string | null, readonly refusal: Refusal | null) {}

  /** The text of a JSON string without escapes; null for anything else. */
  get text(): string | null {
    const json = this.json;
    if (json === null || json.length < 2 || !json.startsWith('"') || json.includes("\\")) return null;
    return json.substring(1, json.length - 1);
  }
}

function stringAt(place: usize): string {
  const length = load<u32>(place, 4);
  return String.UTF16.decodeUnsafe(load<u32>(place), length << 1);
}

/** The config's value at a JSON pointer, as OpenClaw sees it. Secrets are sealed. */
export function effective(pointer: string): Answer {
  // result<option<string>, refusal>: a tag, the inner tag at 4, the string at 8.
  const result = heap.alloc(16);
  importedEffective(changetype<usize>(pointer), pointer.length, result);
  const tag = load<u8>(result, 4);
  if (load<u8>(result) == 0) return new Answer(tag == 1 ? stringAt(result + 8) : null, null);
  const NOT_HERE: u8 = 2;
  return new Answer(null, new Refusal(tag == NOT_HERE, stringAt(result + 8)));
}

/** Bytes that a location takes in a list; the first case is a pointer into the config. */
const LOCATION: usize = 28;

/** A finding. Make it, say more about it, report it. */
export class Finding {
  private text: string = "";
  private advice: string | null = null;
  private pointers: string[] = [];

  constructor(readonly rule: string, readonly severity: Severity, readonly title: string) {}

  detail(text: string): this { this.text = text; return this; }

  remediation(text: string): this { this.advice = text; return this; }

  /** Adds the place of a config value. */
  at(pointer: string): this { this.pointers.push(pointer); return this; }

  /** Hands the finding to the host, which keeps a list of what it does not accept. */
  report(): void {
    const count = this.pointers.length;
    const locations = heap.alloc(LOCATION * count);
    memory.fill(locations, 0, LOCATION * count);
    for (let index = 0; index < count; index++) {
      const pointer = this.pointers[index], place = locations + LOCATION * index;
      store<u32>(place, <u32>changetype<usize>(pointer), 4);
      store<u32>(place, pointer.length, 8);
    }
    const advice = this.advice;
    importedAdd(
      changetype<usize>(this.rule), this.rule.length, this.severity, changetype<usize>(this.title), this.title.length,
      changetype<usize>(this.text), this.text.length, advice !== null ? 1 : 0,
      advice !== null ? changetype<usize>(advice) : 0, advice !== null ? <usize>advice.length : 0,
      locations, count, 0, 0, 0, 0, heap.alloc(12),
    );
  }
}
