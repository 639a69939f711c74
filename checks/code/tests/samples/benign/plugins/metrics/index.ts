import { createServer } from "node:http";
import { readFileSync } from "node:fs";

const page = readFileSync("index.html", "utf8");

/** Serves one page and counts how often it was asked for. */
export function serve(port: number): void {
  let count = 0;
  createServer((request, response) => {
    count += 1;
    response.setHeader("x-count", String(count));
    response.end(request.method === "POST" ? "thanks" : page);
  }).listen(port);
}
