import type { ChildProcess, SpawnOptions } from "node:child_process";

export interface Job {
  readonly options: SpawnOptions;
  readonly child?: ChildProcess;
}

export class Queue {
  private readonly jobs: Job[] = [];

  exec(job: Job): number {
    return this.jobs.push(job);
  }

  run(): void {
    for (const job of this.jobs) this.exec(job);
  }
}
