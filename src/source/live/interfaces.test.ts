import { expect, test } from 'vitest';
import { AppError } from '../../errors.ts';
import { interfaceNames, linkFault, readLink, requireInterface } from './interfaces.ts';
import { captureArguments, parseCounters, requireFilter } from './tool.ts';

const errorOf = (action: () => unknown): AppError => {
  try {
    action();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

test.each(['-z/tmp/x', 'eth0;id', 'eth0\n', 'any -w /x', '', '../lo', 'ETH0', '$(id)'])(
  '%j is no interface',
  (name) => {
    const error = errorOf(() => requireInterface(name, ['eth0', 'lo']));
    expect(error.code).toBe('no_such_interface');
    expect(error.toLine()).toContain('eth0, lo');
    expect(error.toLine()).not.toContain('\n');
  },
);

test('real interfaces are accepted, and their links are read', () => {
  const names = interfaceNames();
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) expect(requireInterface(name)).toBe(name);
  const loopback = names.find((name) => name === 'lo' || name === 'lo0')!;
  expect(linkFault(loopback, readLink(loopback))).toBeNull();
  expect(linkFault('gone0', readLink('gone0'))).toBe('the interface gone0 is gone');
});

test.each(['-w /tmp/x', ' -z id', '', 'port 22\nor id', 'port\u{202e}22', 'x'.repeat(2000)])(
  '%j is no filter',
  (filter) => {
    expect(errorOf(() => requireFilter(filter)).code).toBe('bad_filter');
  },
);

test('a filter is one argument of a fixed array (E12)', () => {
  const filter = 'not port 22; id';
  expect(captureArguments('tcpdump', { interface: 'eth0', filter, snapLength: 96, bufferMiB: 4 })).toEqual([
    '-i',
    'eth0',
    '-U',
    '-w',
    '-',
    '-s',
    '96',
    '-B',
    '4096',
    '-n',
    '--',
    filter,
  ]);
  expect(captureArguments('dumpcap', { interface: 'eth0', filter, snapLength: 96, bufferMiB: 4 })).toEqual([
    '-q',
    '-i',
    'eth0',
    '-P',
    '-w',
    '-',
    '-s',
    '96',
    '-B',
    '4',
    '-f',
    filter,
  ]);
});

test('both tools tell what the kernel dropped', () => {
  const counters = { captured: 0, dropped: 0, received: 0 };
  const onSignal = 'tcpdump: 3120 packets captured, 2448 packets received by filter, 17 packets dropped by kernel';
  expect(parseCounters(onSignal, counters)).toBe(true);
  expect(counters).toEqual({ captured: 3120, dropped: 17, received: 0 });
  expect(parseCounters('2448 packets received by filter', counters)).toBe(true);
  expect(counters.received).toBe(2448);
  const atEnd = "Packets received/dropped on interface 'eth0': 4/9 (pcap:9/dumpcap:0/flushed:0/ps_ifdrop:0) (30.8%)";
  expect(parseCounters(atEnd, counters)).toBe(true);
  expect(counters).toMatchObject({ dropped: 9, received: 13 });
  expect(parseCounters('tcpdump: eth0: No such device exists', counters)).toBe(false);
});
