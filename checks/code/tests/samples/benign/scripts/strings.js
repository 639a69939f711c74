export const help = [
  "Usage: tool [options]",
  "  --exec CMD   refused since 2.0: child_process.exec() is not available",
  "  --eval CODE  refused: eval() is not available",
  "  --post       sends the text with fetch()",
].join("\n");
