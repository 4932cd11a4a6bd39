/** What "guardian train" has learned, for a live monitor that knows nothing of its network yet. */
import { isBaselineModel, loadBaselineModel } from '../../model/baseline-model.ts';
import { currentVersion } from '../../model/versions.ts';

export interface TrainedBaseline {
  /** JSON of what Engine.load takes. */
  text: string;
  /** Hours of traffic that it was learned from. */
  hours: number;
}

/**
 * The version in service of a folder that `guardian train` wrote with the whole engine; null for any other model, which
 * can scan only, and for the empty name. Throws AppError as loadBaselineModel.
 */
export async function loadLivePast(directory: string): Promise<TrainedBaseline | null> {
  if (directory === '') return null;
  const chosen = currentVersion(directory);
  if (!isBaselineModel(chosen)) return null;
  const { manifest, text } = await loadBaselineModel(chosen);
  return manifest.detector === 'guardian' ? { text, hours: manifest.training.hours } : null;
}
