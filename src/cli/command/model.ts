import type { Command } from 'commander';
import { AppError } from '../../errors.ts';
import { note, renderTable } from '../terminal.ts';

/** Throws model_not_found where there is nothing in the folder, no_versions where there is one model. */
async function versionsOf(directory: string) {
  const [{ readVersions }, { isBaselineModel }, { existsSync }] = await Promise.all([
    import('../../model/versions.ts'),
    import('../../model/baseline-model.ts'),
    import('node:fs'),
  ]);
  const versions = readVersions(directory);
  if (versions) return versions;
  if (!existsSync(`${directory}/manifest.json`)) throw new AppError('model_not_found', { directory });
  const what = isBaselineModel(directory) ? 'one of them' : 'a network alone';
  throw new AppError('no_versions', { directory, what });
}

async function list(directory: string, { json }: { json?: boolean }): Promise<void> {
  const [{ readPastManifest }, { readTrial, TRIAL_HOURS }, { join }] = await Promise.all([
    import('../../model/baseline-model.ts'),
    import('../../model/versions.ts'),
    import('node:path'),
  ]);
  const { names, current, shadow } = await versionsOf(directory);
  const versions = await Promise.all(
    names.map(async (name) => {
      const { created, detector, training } = await readPastManifest(join(directory, name));
      const state = name === current ? 'in service' : name === shadow ? 'on trial' : '';
      return { name, state, created, detector, hours: training.hours, devices: training.devices };
    }),
  );
  const trial = shadow ? readTrial(directory, shadow) : null;
  if (json) {
    process.stdout.write(`${JSON.stringify({ versions, trial })}\n`);
    return;
  }
  const rows = versions.map(({ name, state, created, detector, hours, devices }) => [
    ...[name, state, created.slice(0, 16).replace('T', ' '), detector],
    ...[Number(hours.toFixed(1)), devices],
  ]);
  process.stdout.write(renderTable(['version', 'state', 'made (UTC)', 'detector', 'hours', 'devices'], rows));
  if (trial) {
    const { hours, alerts, current: before } = trial;
    process.stdout.write(
      `${shadow} has watched ${hours.toFixed(1)} of ${TRIAL_HOURS} h: ${alerts} alerts, ${before} of ${current}.\n`,
    );
  }
}

async function use(directory: string, name: string): Promise<void> {
  const { switchVersion } = await import('../../model/versions.ts');
  const { names } = await versionsOf(directory);
  if (!names.includes(name)) {
    throw new AppError('bad_option', { option: 'version', value: name, expected: `Choose ${names.join(', ')}.` });
  }
  await switchVersion(directory, name);
  note(`${name} of ${directory} is in service.`);
}

async function rollback(directory: string): Promise<void> {
  const { names, current } = await versionsOf(directory);
  const before = names[names.indexOf(current) - 1];
  if (before === undefined) throw new AppError('oldest_version', { version: current, directory });
  await use(directory, before);
}

async function thresholds(directory: string, files: string[], { json }: { json?: boolean }): Promise<void> {
  const [{ compareThresholds }, { metricHeader, strategyCells, strategyHeader }] = await Promise.all([
    import('../../training/compare-thresholds.ts'),
    import('../../training/model-card.ts'),
  ]);
  const { strategies, inForce } = await compareThresholds(directory, files);
  if (json) {
    process.stdout.write(`${JSON.stringify({ strategies, inForce })}\n`);
    return;
  }
  const header = [...strategyHeader, ...(strategies[0].metrics ? metricHeader : [])];
  process.stdout.write(`${renderTable(header, strategies.map(strategyCells))}In force: ${inForce}.\n`);
}

export const defineModel = (program: Command): Command => {
  const model = program.command('model').description('versions of what "guardian train" has learned');
  model
    .command('list')
    .description('versions, which one is in service, and how the one on trial does')
    .argument('<dir>', 'folder that "guardian train --out" wrote')
    .option('--json', 'as JSON')
    .action(list);
  model.command('use').description('put a version into service').argument('<dir>').argument('<version>').action(use);
  model.command('rollback').description('put the version before into service').argument('<dir>').action(rollback);
  model
    .command('thresholds')
    .description('thresholds of a published-flow model, and what each finds in labelled files')
    .argument('<dir>')
    .argument('[file...]', 'labelled logs')
    .option('--json', 'as JSON')
    .action(thresholds);
  return model;
};
