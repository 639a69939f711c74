// How much the gateway writes into its logs.

import { Finding, Severity, effective } from "./chitin";

export { cabi_realloc } from "./chitin";

const RULE = "example.verbose-logs.level";

/** What the host calls. */
export function run(): void {
  check("/logging/level", "logging.level", Severity.Warn);
  check("/logging/consoleLevel", "logging.consoleLevel", Severity.Info);
}

function check(pointer: string, name: string, severity: Severity): void {
  const answer = effective(pointer);
  const refusal = answer.refusal;
  if (refusal !== null) {
    refusal.report(RULE);
    return;
  }
  const level = answer.text;
  if (level === null || (level != "debug" && level != "trace")) return;
  new Finding(RULE, severity, "The gateway logs more than it needs to")
    .detail(name + "=\"" + level + "\" writes down what people and tools send through the gateway.")
    .remediation("Set " + name + "=\"info\".")
    .at(pointer)
    .report();
}
