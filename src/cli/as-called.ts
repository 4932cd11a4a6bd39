/** Commands that are printed, so that they can be pasted: after `npx guardian` there may be no `guardian` on the PATH. */
const wasNpx = process.env.npm_command === 'exec';

export const asCalled = (text: string): string =>
  wasNpx ? text.replaceAll(/(?<![\w-]|npx )guardian(?= (?:--)?[a-z])/g, 'npx guardian') : text;
