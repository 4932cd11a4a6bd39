/** Short texts, one a row, in one growing block: a text of its own costs several times what it says. */
export class TextColumn {
  private bytes = Buffer.allocUnsafeSlow(16 * 1024);
  private ends = new Uint32Array(1024);
  private length = 0;

  push(text: string): void {
    const start = this.length === 0 ? 0 : this.ends[this.length - 1];
    // Three bytes are the most that a unit of UTF-16 becomes.
    const needed = start + text.length * 3;
    if (needed > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
      this.bytes.copy(grown, 0, 0, start);
      this.bytes = grown;
    }
    if (this.length === this.ends.length) {
      const grown = new Uint32Array(this.length * 2);
      grown.set(this.ends);
      this.ends = grown;
    }
    this.ends[this.length++] = start + this.bytes.write(text, start);
  }

  at(row: number): string {
    return this.bytes.toString('utf8', row === 0 ? 0 : this.ends[row - 1], this.ends[row]);
  }
}
