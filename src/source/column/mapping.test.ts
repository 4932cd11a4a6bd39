import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadMapping, parseMapping } from './mapping.ts';

describe('column mappings', () => {
  it('name fields as Zeek or as the code does', () => {
    expect({
      ...parseMapping('{"Source": "id.orig_h", "bytes out": "orig_bytes", "t": "ts", "l": "detailed-label"}', 'm'),
    }).toEqual({
      Source: 'id_orig_h',
      'bytes out': 'orig_bytes',
      t: 'ts',
      l: 'detailed_label',
    });
  });

  it.each([
    ['{', 'it is not JSON'],
    ['[]', 'it is not an object'],
    ['null', 'it is not an object'],
    ['{}', 'it maps nothing'],
    ['{"a": "bytes"}', '"bytes" is no field'],
    ['{"a": 1}', '1 is no field'],
    ['{"a": "constructor"}', '"constructor" is no field'],
    ['{"a": "ts", "b": "ts"}', '"a" and "b" both become ts'],
  ])('%s: %s', (text, reason) => {
    expect(() => parseMapping(text, 'upload')).toThrow(
      new RegExp(`^The column mapping upload cannot be used: ${reason}`),
    );
  });

  it('take a column called __proto__ as any other (E18)', () => {
    const mapping = parseMapping('{"__proto__": "ts"}', 'm');
    expect(Object.keys(mapping)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).ts).toBeUndefined();
  });

  it('are loaded from a file', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'guardian-mapping-'));
    try {
      writeFileSync(path.join(folder, 'm.json'), '{"a": "orig_pkts"}');
      expect({ ...(await loadMapping(path.join(folder, 'm.json'))) }).toEqual({ a: 'orig_pkts' });
      await expect(loadMapping(path.join(folder, 'n.json'))).rejects.toMatchObject({ code: 'file_not_found' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
