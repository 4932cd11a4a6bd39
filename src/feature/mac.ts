/** The link-layer address at an offset, as aa:bb:cc:dd:ee:ff. */
export function macText(bytes: Uint8Array, at: number): string {
  let text = '';
  for (let i = 0; i < 6; i++)
    text += (i === 0 ? '' : ':') + (bytes[at + i] < 16 ? '0' : '') + bytes[at + i].toString(16);
  return text;
}
