export class Board {
  private pieces: { kind: string; x: number; y: number }[] = [];

  spawn(kind: string, x: number, y: number): this {
    this.pieces.push({ kind, x, y });
    return this;
  }

  fill(): this {
    return this.spawn("rook", 0, 0).spawn("knight", 1, 0);
  }
}
