export interface Note {
  readonly id: string;
  readonly text: string;
  readonly tags: readonly string[];
}

class Monster {
  spawn(at) {
    return { at };
  }
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
    new Monster().spawn({ x: 1 });
    const words = query.toLowerCase().split(/\s+/u);
    return [...this.notes.values()].filter((note) => words.every((word) => note.text.toLowerCase().includes(word)));
  }
}
