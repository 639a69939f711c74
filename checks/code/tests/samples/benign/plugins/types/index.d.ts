import type { ExecException } from "child_process";

export declare function run(command: string): Promise<ExecException | null>;
export declare const env: NodeJS.ProcessEnv;
export interface Reader {
  readFile(path: string): Promise<string>;
  fetch(url: string): Promise<Response>;
}
