/** How interfaces are captured, as the settings say it. */
import type { Settings } from '../../config/schema.ts';
import type { CaptureOptions } from '../../source/live/tool.ts';

export const mannerOf = (settings: Settings['monitor']): CaptureOptions => {
  const { filter, snapLength, bufferMiB, captureSocket: socket, interface: name } = settings;
  return {
    filter: filter === '' ? undefined : filter,
    snapLength,
    bufferMiB,
    service: socket === '' ? undefined : { socket, interface: name },
  };
};
