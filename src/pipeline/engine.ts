/** The fastest engine that this machine runs. */
import type { Engine } from '../nn/engine.ts';
import { referenceEngine } from '../nn/reference-engine.ts';

export const loadEngine = async (): Promise<Engine> => referenceEngine;
