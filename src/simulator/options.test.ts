import { describe, expect, it } from 'vitest';
import { AppError } from '../errors.ts';
import { parseAttack } from './options.ts';

const failure = (text: string): string => {
  try {
    parseAttack(text);
  } catch (error) {
    if (error instanceof AppError) return error.toLine();
  }
  return 'accepted';
};

describe('parseAttack', () => {
  it('reads kind and options', () => {
    expect(parseAttack('scan')).toEqual({ kind: 'scan' });
    expect(parseAttack('scan:type=ports,target=hub,at=600')).toEqual({
      kind: 'scan',
      type: 'ports',
      target: 'hub',
      at: '600',
    });
    expect(parseAttack('scan:ports,at=600')).toEqual({ kind: 'scan', type: 'ports', at: '600' });
  });

  it('says what is wrong and what there is', () => {
    expect(failure('meteor')).toMatch(/no attack "meteor".*There are: scan, brute-force, .*silence.*unknown_attack/);
    expect(failure('scan:at=6,type')).toMatch(/"type" is not key=value.*bad_attack_option/);
    expect(failure('scan:')).toMatch(/"" is not key=value/);
    expect(failure('scan:speed=3')).toMatch(/unknown "speed"; it understands at, from, type/);
    expect(failure('scan:type=sonar')).toMatch(/type: .*telnet.*ports.*icmp/);
    expect(failure('flood:rate=-4')).toMatch(/rate: /);
    expect(failure('flood:rate=many')).toMatch(/rate: /);
  });
});
