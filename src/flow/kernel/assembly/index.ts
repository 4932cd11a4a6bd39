/** All pointers are bytes into the imported memory, whose layout the caller owns (../../connection-memory.ts). */
export { configure, setTimeouts } from './state';
export { records } from './records';
export { takePacket } from './packet';
export { setWatched } from './watch';
