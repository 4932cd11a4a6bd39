/** Training, and models on disk. */
import type { ErrorEntry } from './entry.ts';

export const modelErrors = {
  // scanning and training
  model_unfit: {
    status: 422,
    exit: 3,
    message: 'The model in {directory} cannot be used here: {reason}.',
    hint: 'Choose another one, or train one: "guardian train --help" says how.',
  },
  no_benign_rows: {
    status: 422,
    exit: 3,
    message:
      'The files hold {rows} benign or unlabelled flows, and at least {needed} of one device are needed to learn.',
    hint: 'Train on traffic of ordinary days; rows with a malicious label are left out.',
  },
  no_network_taught: {
    status: 422,
    exit: 3,
    message: 'These files hold too little to teach {detector}: {seen}.',
    hint: 'Give longer ones: it takes {needed}. "--detector guardian" learns rules and profiles from less.',
  },
  too_few_rows: {
    status: 422,
    exit: 3,
    message: '"{file}" has {rows} usable {unit}, and at least {needed} are needed.{because}',
    hint: 'Record or export a longer stretch of traffic.',
  },
  diverged: {
    status: 422,
    exit: 3,
    message: 'Training stopped: the loss was no longer a number after epoch {epoch}.',
    hint: 'Check the input for extreme values, or train with --learning-rate 0.0003.',
  },
  // model folders
  model_not_found: {
    status: 404,
    exit: 3,
    message: 'There is no model in {directory}.',
    hint: 'Give the folder that the command train wrote (its --out); it holds a manifest.json.',
  },
  no_versions: {
    status: 409,
    exit: 3,
    message: 'The model in {directory} has no versions: it is {what}.',
    hint: 'Versions are of the detectors guardian, lstm-autoencoder and lstm-rnn; give the folder that the command train got as its --out.',
  },
  oldest_version: {
    status: 409,
    exit: 2,
    message: '{version} is the oldest version of {directory}.',
    hint: '"guardian model list {directory}" shows what there is.',
  },
  model_damaged: {
    status: 422,
    exit: 3,
    message: 'The model in {directory} is damaged: {reason}.',
    hint: 'Copy it again from where it was trained, or train a new one.',
  },
  model_outdated: {
    status: 409,
    exit: 3,
    message:
      'What is ordinary here has changed: {hours} unusual hours of devices in three days, where {expected} were to be expected.',
    hint: 'If nothing is wrong, let it learn anew: stop Guardian, move what the monitor knows (monitor-state.json of the data folder, or the file of --state) away and start it again.',
  },
  model_newer: {
    status: 422,
    exit: 3,
    message: 'The model in {directory} has format {version}, and this version of Guardian reads up to {supported}.',
    hint: 'Update Guardian, or train a new model with this version.',
  },
  model_not_writable: {
    status: 503,
    exit: 4,
    message: 'Cannot write the model to {directory}: {reason}.',
    hint: 'Choose another folder, or mend its permissions and free space.',
  },
  checkpoint_damaged: {
    status: 422,
    exit: 3,
    message: 'Cannot go on from "{file}": {reason}.',
    hint: 'Start the training again without it.',
  },
  kernel_missing: {
    status: 503,
    exit: 4,
    message: 'The numeric kernels are not built: {file} is missing.',
    hint: 'Run "npm run setup".',
  },
} as const satisfies Record<string, ErrorEntry>;
