/** How interfaces are captured, as the settings say it. */
import type { Settings } from '../config/schema.ts';
import type { CaptureManner } from '../source/live/tool.ts';

export const mannerOf = ({ filter, snapLength, bufferMiB }: Settings['monitor']): CaptureManner => ({
  filter: filter === '' ? undefined : filter,
  snapLength,
  bufferMiB,
});
