/** How interfaces are captured, as the settings say it. */
import type { Settings } from '../../config/schema.ts';
import type { CaptureOptions } from '../../source/live/tool.ts';

export const mannerOf = ({ filter, snapLength, bufferMiB }: Settings['monitor']): CaptureOptions => ({
  filter: filter === '' ? undefined : filter,
  snapLength,
  bufferMiB,
});
