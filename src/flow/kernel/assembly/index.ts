/** All pointers are bytes into the imported memory, whose layout the caller owns (../../connection-memory.ts). */
export { configure } from './state';
export { records } from './records';
export { takeSegment } from './segment';
