/** Whether a filter can be used: the tool itself is asked, before it captures with it. */
import { execFile } from 'node:child_process';
import { AppError } from '../../errors.ts';
import { CHILD_ENVIRONMENT } from './capture-child.ts';
import type { FilterCompiler } from './tool.ts';

const LONGEST_REASON = 200;

interface Verdict {
  isGood: boolean;
  said: string;
}

function compile({ path, args, withinMs }: FilterCompiler, filter?: string): Promise<Verdict> {
  const limits = { timeout: withinMs, killSignal: 'SIGKILL', maxBuffer: 1024 * 1024 } as const;
  return new Promise((resolve) => {
    execFile(path, args(filter), { env: CHILD_ENVIRONMENT, ...limits }, (error, stdout, stderr) => {
      // dumpcap ends with 0 either way: the first instruction of the program is the sign.
      const isGood = stdout.startsWith('(000)');
      resolve({ isGood, said: error?.killed === true ? '' : reasonOf(stderr) });
    });
  });
}

/** dumpcap puts the reason of the library in brackets, tcpdump its own name before it. */
function reasonOf(text: string): string {
  const reason =
    /valid capture filter \((.*)\)\.?$/m.exec(text)?.[1] ?? /^(?:tcpdump|dumpcap): (.*)$/m.exec(text)?.[1] ?? '';
  return reason.trim().replace(/\.$/, '').slice(0, LONGEST_REASON);
}

/** Rejects with AppError `bad_filter` where the tool cannot understand it; what else is wrong is for the capture to say. */
export async function requireCompiled(compiler: FilterCompiler, filter: string | undefined): Promise<void> {
  if (filter === undefined) return;
  const { isGood, said } = await compile(compiler, filter);
  if (isGood || said === '') return;
  // No right, no link, no way there: then it fails without a filter too.
  if (!(await compile(compiler)).isGood) return;
  throw new AppError('bad_filter', { filter, reason: `${compiler.name} says: ${said}` });
}
