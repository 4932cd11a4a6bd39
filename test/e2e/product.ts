/** The real product as its owner starts it, in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const root = path.join(import.meta.dirname, '../..');

export interface Product {
  url: string;
  directory: string;
  child: ChildProcess;
  /** Everything on standard error so far. */
  errors(): string;
  /** Ends it politely and waits. */
  stop(): Promise<void>;
}

export const makeDirectory = (): string => mkdtempSync(path.join(tmpdir(), 'guardian-e2e-'));
export const removeDirectory = (directory: string): void => rmSync(directory, { recursive: true, force: true });

/** Resolves once the product has said on standard error where it listens. Without accounts, unless a flag is `--auth`. */
export async function startProduct(
  directory = makeDirectory(),
  env: Record<string, string> = {},
  flags: string[] = [],
): Promise<Product> {
  // Node itself, not the wrapper in bin/: a signal sent here reaches the product.
  const open = flags.includes('--auth') ? [] : ['--no-auth'];
  const own = flags.filter((flag) => flag !== '--auth');
  const args = ['src/cli/main.ts', 'serve', ...open, '--port', '0', '--data', directory, ...own];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text: string) => {
      errors += text;
      const found = / is on (https?:\/\/\S+)/.exec(errors)?.slice(1);
      if (found) resolve(found[0]);
    });
    child.on('exit', (code) => reject(new Error(`The product ended with ${code}:\n${errors}`)));
  });
  return {
    url,
    directory,
    child,
    errors: () => errors,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** The command line beside a running server. */
export async function guardianBeside(args: string[], input = ''): Promise<{ code: number; out: string }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/cli/main.ts', ...args], {
    cwd: root,
    stdio: 'pipe',
  });
  child.stdin.end(input);
  const [out, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, out: out + errors };
}

/** A quiet home with one wild stretch: rows 100 to 109 move a thousand times the usual. */
export function trafficCsv({ rows = 300, labels = false } = {}): string {
  const lines = [`ts,orig_pkts,resp_pkts,orig_bytes,resp_bytes${labels ? ',label' : ''}`];
  for (let i = 0; i < rows; i++) {
    const wild = i >= 100 && i < 110;
    const packets = wild ? 9000 + i : 8 + (i % 5);
    const bytes = wild ? 9_000_000 + i : 900 + 37 * (i % 11);
    const label = labels ? `,${wild ? 'malicious' : 'benign'}` : '';
    lines.push(`${1634567890 + i},${packets},${packets - 2},${bytes},${Math.round(bytes / 2)}${label}`);
  }
  return `${lines.join('\n')}\n`;
}
