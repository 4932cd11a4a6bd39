/** All pointers are bytes into the imported memory, whose layout the caller owns (../arena.ts). */
export { activate, activateBackward, adam, addMultiple, clear, copy, multiply } from './elementwise';
export { cellInt8, productInt8 } from './int8';
export { lstmBackward, lstmForward, lstmForwardKeeping } from './lstm';
export { outer, rowSums } from './outer';
export { pack, packTransposed } from './pack';
export { product } from './product';
export { gather, lstmOne, productOne, scatter } from './stream';
