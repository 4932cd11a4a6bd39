/** Floods that try to exhaust a sensor (docs/robustness.md, C16), each against a process of its own. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_MAX_CONNECTIONS } from '../../src/flow/table/connection-table.ts';
import type { FloodKind } from './flood-frames.ts';

interface Report {
  frames: number;
  /** Microseconds of processor time per frame, in the second and in the last fifth of the flood. */
  early: number;
  late: number;
  connections: number;
  peakMiB: number;
}

interface FlowsReport extends Report {
  evictedEmergency: number;
}

interface MonitorReport extends Report {
  offered: number;
  parsed: number;
  alerts: Record<string, number>;
  /** In the inventory; of them those of the home, of so many, and those that were scored after the flood. */
  devices: number;
  known: number;
  own: number;
  scored: number;
}

interface ScanReport extends Report {
  records: number;
  alerts: { kind: string; hosts: string[]; sentence: string }[];
  devices: number;
  skipped: { rows: number; reasons: Record<string, number> };
}

/** What the worker of the live monitor may use. */
const HEAP_MIB = 512;

function probe<R extends Report>(subject: 'flows' | 'scan' | 'monitor', kind: FloodKind): R {
  const script = path.join(import.meta.dirname, 'flood-probe.ts');
  const heap = [`--max-old-space-size=${HEAP_MIB}`, '--max-semi-space-size=4'];
  const options = ['--disable-warning=ExperimentalWarning', ...heap];
  const output = execFileSync(process.execPath, [...options, script, subject, kind], { encoding: 'utf8' });
  return JSON.parse(output) as R;
}

const TIMEOUT_MS = 600_000;

describe('flows of a capture', { timeout: TIMEOUT_MS }, () => {
  it.each(['sources', 'connections'] as const)(
    'a million %s: the table keeps its ceiling, every record is told',
    (kind) => {
      const report = probe<FlowsReport>('flows', kind);
      expect(report).toMatchObject({ frames: 1_000_000, connections: 1_000_000 });
      expect(report.evictedEmergency).toBe(1_000_000 - DEFAULT_MAX_CONNECTIONS);
      expect(report.peakMiB).toBeLessThan(400);
      // With the table full a packet costs no more than twice what it cost with room in it.
      expect(report.late).toBeLessThan(2 * report.early);
    },
  );

  it('crafted ports cost what any others do', () => {
    const crafted = probe<FlowsReport>('flows', 'collisions');
    const ordinary = probe<FlowsReport>('flows', 'connections');
    expect(crafted).toMatchObject({ connections: 180_000, evictedEmergency: 0 });
    expect(crafted.late).toBeLessThan(2 * ordinary.early);
  });
});

describe('a scan', { timeout: TIMEOUT_MS }, () => {
  const told = {
    kind: 'flood',
    hosts: ['10.0.0.2'],
    sentence: expect.stringMatching(/^10\.0\.0\.2.* was called by [\d,]+ addresses /),
  };

  it('a hundred thousand senders of the internet: one alert that names the victim', () => {
    const report = probe<ScanReport>('scan', 'outsiders');
    expect(report).toMatchObject({ records: 100_000, alerts: [told], skipped: { rows: 0 } });
    expect(report.peakMiB).toBeLessThan(500);
  });

  it('a hundred thousand made-up devices: those that are judged have a ceiling, what is left out is counted', () => {
    const report = probe<ScanReport>('scan', 'insiders');
    expect(report).toMatchObject({ records: 100_000, alerts: [told] });
    expect(report.devices).toBeLessThanOrEqual(4096);
    expect(report.skipped.reasons).toEqual({ 'window.too_many_devices': 100_000 - 4096 });
    expect(report.peakMiB).toBeLessThan(500);
  });
});

describe('a watched home', { timeout: TIMEOUT_MS }, () => {
  const holds = (report: MonitorReport): void => {
    expect(report.offered).toBe(report.parsed);
    expect(report.late).toBeLessThan(3 * report.early);
    expect(report.peakMiB).toBeLessThan(HEAP_MIB + 300);
    // Who lives there is still known, and judged.
    expect(report.known).toBeGreaterThanOrEqual(report.own - 1);
    expect(report.scored).toBeGreaterThanOrEqual(report.own - 1);
  };

  it('a SYN scan of a /16 is one alert of a scan', () => {
    const report = probe<MonitorReport>('monitor', 'scan');
    holds(report);
    expect(report.alerts.scan).toBe(1);
    expect(Object.values(report.alerts).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(3);
  });

  it('a hundred thousand devices with names: the inventory keeps its ceiling, and the household', () => {
    const report = probe<MonitorReport>('monitor', 'devices');
    holds(report);
    expect(report.devices).toBeLessThanOrEqual(4096);
    expect(Object.values(report.alerts).reduce((sum, count) => sum + count, 0)).toBeLessThan(40);
  });
});
