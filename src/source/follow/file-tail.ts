/**
 * A growing file, as `tail -F` follows it: by name. A file that was renamed is read to its end before the new one
 * under the name, and what waits there for its line end is its last line; a file that became shorter is read again
 * from its start; otherwise a line that is not finished waits.
 */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { NEWLINE } from '../text/ascii.ts';
import { decode, MAX_LINE } from '../text/lines.ts';

const READ = 256 * 1024;

export interface TailSink {
  /** A whole line without its end; `number` counts from 1 in each file. */
  line(line: string, number: number): void;
  /** A file begins: the first, the one after a rotation, or the same after it was cut. */
  begin(): void;
  /** A line longer than any record was thrown away. */
  tooLong(number: number): void;
  /** The file was cut before a line of it had ended: nobody can say what it was. */
  unfinished(number: number): void;
}

export class FileTail {
  /** Read so far, of all files. */
  bytes = 0;
  private file: FileHandle | null = null;
  private inode = 0;
  private position = 0;
  private number = 0;
  private waiting = Buffer.alloc(0);
  private skipping = false;
  private readonly buffer = Buffer.allocUnsafe(READ);
  private readonly path: string;
  private readonly sink: TailSink;

  constructor(path: string, sink: TailSink) {
    this.path = path;
    this.sink = sink;
  }

  /** Reads what has come since the last call. False while there is no file. */
  async poll(signal?: AbortSignal): Promise<boolean> {
    await this.drain(signal);
    const now = await stat(this.path).catch(() => null);
    if (now === null) return this.file !== null;
    if (this.file !== null && now.ino === this.inode) return true;
    // Between draining and looking at the name the old file may have grown once more.
    await this.drain(signal);
    this.end();
    await this.close();
    this.file = await open(this.path, 'r').catch(() => null);
    if (this.file === null) return false;
    this.inode = (await this.file.stat()).ino;
    this.restart();
    await this.drain(signal);
    return true;
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = null;
  }

  /** Nothing more comes of this file: what waits is its last line. */
  private end(): void {
    if (this.skipping || this.waiting.length > 0) this.finishLine(this.waiting);
  }

  private restart(): void {
    this.position = 0;
    this.number = 0;
    this.waiting = Buffer.alloc(0);
    this.skipping = false;
    this.sink.begin();
  }

  private async drain(signal?: AbortSignal): Promise<void> {
    if (this.file === null) return;
    if ((await this.file.stat()).size < this.position) {
      if (this.skipping) this.end();
      else if (this.waiting.length > 0) this.sink.unfinished(this.number + 1);
      this.restart();
    }
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await this.file.read(this.buffer, 0, READ, this.position);
      if (bytesRead === 0) return;
      this.position += bytesRead;
      this.bytes += bytesRead;
      this.take(this.buffer.subarray(0, bytesRead));
    }
  }

  private take(bytes: Buffer): void {
    let from = 0;
    for (let eol = bytes.indexOf(NEWLINE); eol >= 0; eol = bytes.indexOf(NEWLINE, from)) {
      this.finishLine(Buffer.concat([this.waiting, bytes.subarray(from, eol)]));
      from = eol + 1;
    }
    if (this.skipping) return;
    this.waiting = Buffer.concat([this.waiting, bytes.subarray(from)]);
    if (this.waiting.length > MAX_LINE) {
      this.skipping = true;
      this.waiting = Buffer.alloc(0);
    }
  }

  private finishLine(line: Buffer): void {
    this.number++;
    if (this.skipping) this.sink.tooLong(this.number);
    else if (line.length > 0) this.sink.line(decode(line).replace(/\r$/, ''), this.number);
    this.waiting = Buffer.alloc(0);
    this.skipping = false;
  }
}
