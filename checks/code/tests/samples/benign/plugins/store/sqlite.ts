import { DatabaseSync } from "node:sqlite";

export class Store {
  private readonly db: DatabaseSync;

  constructor(path: string) {
    this.db = new DatabaseSync(path);
    this.db.exec("PRAGMA journal_mode = WAL");
    this.db.exec("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT)");
  }

  add(text: string): void {
    this.db.prepare("INSERT INTO notes (text) VALUES (?)").run(text);
  }
}
