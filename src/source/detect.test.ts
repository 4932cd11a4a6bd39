import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { detectFormat } from './detect.ts';

const bytes = (hex: string, length = 64): Uint8Array => {
  const all = new Uint8Array(length);
  all.set(Buffer.from(hex, 'hex'));
  return all;
};
const text = (value: string, encoding: BufferEncoding = 'utf8'): Uint8Array => Buffer.from(value, encoding);
const found = (head: Uint8Array): string => {
  const format = detectFormat(head);
  if (format.kind === 'unsupported') return format.found;
  if (format.kind === 'flows') return format.format.format;
  return format.kind === 'empty' ? 'empty' : format.format;
};

describe('detectFormat', () => {
  it.each([
    ['', 'empty'],
    ['d4c3b2a1', 'pcap'],
    ['a1b2c3d4', 'pcap'],
    ['4d3cb2a1', 'pcap'],
    ['0a0d0d0a', 'pcapng'],
    ['7f454c46020101', 'a Linux program (ELF)'],
    ['89504e470d0a1a0a', 'a PNG image'],
    ['ffd8ffe0', 'a JPEG image'],
    ['53514c69746520666f726d6174203300', 'an SQLite database'],
    ['894844460d0a1a0a', 'an HDF5 file (a Keras model?)'],
    ['0001020304050607', 'binary data of an unknown kind'],
  ])('%s is %s', (hex, name) => {
    expect(found(bytes(hex, hex === '' ? 0 : 64))).toBe(name);
  });

  it.each([
    ['%PDF-1.7\n', 'a PDF document'],
    ['<!DOCTYPE html><html>', 'a web page (HTML)'],
    ['  <html lang="en">', 'a web page (HTML)'],
    ['<?xml version="1.0"?>', 'XML or HTML text'],
    ['[1, 2]', 'a JSON array that does not hold objects'],
    ['{\n  "ts": 1\n}', 'JSON, but not one object per line'],
    ['Dear customer', 'text without a header line of columns'],
    ['\n\n\n', 'text without a line'],
  ])('%j is %s', (content, name) => {
    expect(found(text(content))).toBe(name);
  });

  it('tells archives, documents and models in ZIP apart', () => {
    const zip = (member: string): Uint8Array => Buffer.concat([bytes('504b0304', 30), text(member)]);
    expect(found(zip('notes.txt'))).toBe('a ZIP archive (unpack it first)');
    expect(found(zip('[Content_Types].xml xl/workbook.xml'))).toBe('an Excel or Office document (.xlsx)');
    expect(found(zip('model.weights.h5'))).toBe('a Keras model');
  });

  it('sees that a file is compressed, whatever is inside', () => {
    expect(detectFormat(gzipSync('x'))).toEqual({ kind: 'compressed', format: 'gzip' });
    expect(detectFormat(zstdCompressSync('x'))).toEqual({ kind: 'compressed', format: 'zstd' });
  });

  it.each(['utf8', 'utf16le', 'latin1'] as const)('reads a header in %s', (encoding) => {
    const header = 'ts,orig_pkts,resp_pkts,orig_bytes,resp_bytes,étiquette\n1,2,3,4,5,ü\n';
    expect(found(text(header, encoding))).toBe('csv');
    expect(
      found(Buffer.concat([text('\uFEFF', encoding === 'utf16le' ? encoding : 'utf8'), text(header, encoding)])),
    ).toBe('csv');
  });

  it.each([
    [',', 'csv'],
    ['\t', 'csv'],
    [';', 'csv'],
    ['|', 'csv'],
  ])('finds the delimiter %j', (delimiter, name) => {
    const head = text(`a b,c${delimiter}orig_pkts${delimiter}resp_pkts${delimiter}orig_bytes\n`);
    const format = detectFormat(head);
    expect(found(head)).toBe(name);
    expect(format.kind === 'flows' && format.head.delimiter).toBe(delimiter);
  });

  it('never throws on any beginning of any file', () => {
    const all = Buffer.concat([text('#separator \\x09\n'), bytes('0009000000', 300), text('{"ts"')]);
    for (let end = 0; end <= all.length; end++) {
      for (let start = 0; start < end; start += 7) expect(() => detectFormat(all.subarray(start, end))).not.toThrow();
    }
  });
});
