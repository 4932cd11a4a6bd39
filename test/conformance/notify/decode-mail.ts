/** What a person reads in a mail: headers and parts decoded. */
export function decodeMail(data: string): string {
  const quoted = (text: string): string =>
    Buffer.from(
      text
        .replaceAll(/=\r?\n/g, '')
        .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      'latin1',
    ).toString('utf8');
  const words = data.replaceAll(/=\?UTF-8\?Q\?(.*?)\?=/gi, (_, text: string) => quoted(text.replaceAll('_', ' ')));
  return /quoted-printable/i.test(data) ? quoted(words) : words;
}
