import { type Command, Option } from 'commander';
import { AppError } from '../../errors.ts';
import { refuseExisting } from '../existing-file.ts';
import { isQuiet } from '../settings.ts';
import { note } from '../terminal.ts';

interface ExportFlags {
  format: 'onnx';
  int8?: boolean;
  force?: boolean;
  out: string;
}

export const defineExport = (program: Command): Command =>
  program
    .command('export')
    .description('write a model as a standard file that other software runs')
    .argument('[model]', 'folder of the model (default: the one that comes with Guardian)')
    .addOption(new Option('--format <name>', 'kind of file').choices(['onnx']).default('onnx'))
    .option('--int8', 'with 8-bit weights')
    .requiredOption('--out <file>', 'file to write')
    .option('--force', 'replace a file that exists')
    .addHelpText(
      'after',
      '\nExamples:\n  guardian export models/home --format onnx --out home.onnx\n  guardian export --out guardian.onnx',
    )
    .action(async (model: string | undefined, { out, int8, force }: ExportFlags, command: Command) => {
      if (!force) await refuseExisting(out);
      const [{ loadModel }, { exportOnnx }, { shippedModel }, { writeFile }] = await Promise.all([
        import('../../model/load-model.ts'),
        import('../../nn/onnx/export-onnx.ts'),
        import('../../model/flow-model.ts'),
        import('node:fs/promises'),
      ]);
      const bytes = exportOnnx((await loadModel(model ?? shippedModel)).model, { int8 });
      await writeFile(out, bytes).catch((cause: NodeJS.ErrnoException) => {
        throw new AppError('output_not_writable', { file: out, reason: cause.code ?? cause.message }, { cause });
      });
      note(`Wrote ${out} (${bytes.length} bytes).`, isQuiet(command));
    });
