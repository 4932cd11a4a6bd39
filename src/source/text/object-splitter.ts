/** Finds the outermost JSON objects of a text that comes in pieces: arrays of them, or objects over several lines. */

import { BACKSLASH, CLOSE_BRACE, NEWLINE, OPEN_BRACE, QUOTE } from './ascii.ts';
import { MAX_LINE } from './lines.ts';

export class ObjectSplitter {
  readonly #onObject: (text: string, line: number) => void;
  #carry = '';
  /** Where in `#carry` the walk goes on. */
  #at = 0;
  #depth = 0;
  #isText = false;
  #line = 1;
  #startLine = 1;

  /** @param onObject gets the text of an object, and the line that it begins in */
  constructor(onObject: (text: string, line: number) => void) {
    this.#onObject = onObject;
  }

  get line(): number {
    return this.#line;
  }

  /** Whether the text ends within an object. */
  get isOpen(): boolean {
    return this.#depth > 0;
  }

  /** An object that is longer than a line may be is given up: false. */
  push(piece: string): boolean {
    const text = this.#carry + piece;
    let start = this.#depth > 0 ? 0 : -1;
    let at = this.#at;
    for (; at < text.length; at++) {
      const c = text.charCodeAt(at);
      if (this.#isText) {
        if (c === BACKSLASH) at++;
        else if (c === QUOTE) this.#isText = false;
        continue;
      }
      if (c === NEWLINE) this.#line++;
      else if (c === QUOTE) this.#isText = this.#depth > 0;
      else if (c === OPEN_BRACE) {
        if (this.#depth++ > 0) continue;
        start = at;
        this.#startLine = this.#line;
      } else if (c === CLOSE_BRACE && this.#depth > 0 && --this.#depth === 0) {
        this.#onObject(text.slice(start, at + 1), this.#startLine);
        start = -1;
      }
    }
    this.#carry = start < 0 ? '' : text.slice(start);
    // A backslash may have been the last character: the walk goes on behind what it escapes.
    this.#at = start < 0 ? at - text.length : at - start;
    return this.#carry.length <= MAX_LINE;
  }
}
