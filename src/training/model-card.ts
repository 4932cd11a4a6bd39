/** The model card of a training. */
import { guardianFlowFeatures } from '../feature/guardian-flow.ts';
import { guardianPacketFeatures } from '../feature/guardian-packet.ts';
import { publishedPacketFeatures } from '../feature/published-packet.ts';
import type { PastDetector } from '../model/baseline-model.ts';
import type { Card } from '../model/card.ts';
import { histogramPlot, linePlot } from '../model/plot.ts';
import { inPublishedOrder } from './compare-thresholds.ts';
import type { TrainPastResult } from './train-baseline.ts';
import type { StrategyResult, TrainResult } from './train-flow.ts';

interface Feature {
  name: string;
  unit: string;
  meaning: string;
}

const publishedFlow: readonly Feature[] = [
  { name: 'orig_pkts', unit: 'packets', meaning: 'packets sent' },
  { name: 'resp_pkts', unit: 'packets', meaning: 'packets received' },
  { name: 'orig_bytes', unit: 'B', meaning: 'bytes sent' },
  { name: 'resp_bytes', unit: 'B', meaning: 'bytes received' },
];

const share = (value: number): string => `${(100 * value).toFixed(2)} %`;
export const strategyHeader = ['threshold', 'value'];
export const metricHeader = ['accuracy', 'precision', 'recall', 'F1', 'false positives'];

/** Cells of the published `optimize_threshold` table. */
export const strategyCells = ({ strategy, threshold, metrics }: StrategyResult): string[] => [
  strategy,
  threshold.toFixed(6),
  ...(metrics
    ? [metrics.accuracy, metrics.precision, metrics.recall, metrics.f1, metrics.false_positive_rate].map(share)
    : []),
];

function strategyTable(strategies: readonly StrategyResult[]): Card['tables'] {
  if (strategies.length === 0) return [];
  const labelled = strategies[0].metrics !== null;
  return [
    {
      caption: labelled ? 'Thresholds, and what they find in the labelled training files' : 'Thresholds',
      header: [...strategyHeader, ...(labelled ? metricHeader : [])],
      rows: inPublishedOrder(strategies).map(strategyCells),
    },
  ];
}

const marksOf = (strategies: readonly StrategyResult[]): { name: string; value: number }[] =>
  strategies.map(({ strategy, threshold }) => ({ name: strategy, value: threshold }));

/** Of a published network alone. */
export function cardOfNetwork(result: TrainResult, files: readonly string[], command: string): Card {
  const { details, strategies, flows, windows, errors } = result;
  const isFlows = details.detector === 'published-flow';
  const { loss, valLoss, bestEpoch, seconds } = details.training!;
  const curves = [
    { name: 'loss', values: loss },
    ...(valLoss.length > 0 ? [{ name: 'val_loss', values: valLoss }] : []),
  ];
  return {
    title: `Model card: ${details.detector}`,
    lead: isFlows
      ? 'The published autoencoder: it rebuilds ten connections in a row; what it rebuilds badly is unusual.'
      : 'The published forecaster: it predicts the next packet of a device; what it predicts badly is unusual.',
    facts: [
      ['Trained on', `${files.join(', ')}: ${flows} ${isFlows ? 'connections' : 'packets'}, ${windows} windows`],
      ['Command', command],
      ['Time', `${seconds.toFixed(1)} s, best epoch ${bestEpoch + 1} of ${loss.length}`],
      ['Threshold in force', `${strategies[0].strategy}: ${strategies[0].threshold.toFixed(6)}`],
      ['Scaler', isFlows ? 'standard, fitted on the scanned file as published' : 'minimum and maximum of the training'],
    ],
    features: isFlows ? publishedFlow : publishedPacketFeatures.features,
    plots: [
      { caption: 'Error in training', svg: linePlot(curves, 'epoch', 'Error in training by epoch') },
      {
        caption: 'Errors on the training windows, and the thresholds that follow from them',
        svg: histogramPlot(errors, marksOf(strategies), 'error', 'Distribution of errors'),
      },
    ],
    tables: strategyTable(strategies),
    limits: isFlows
      ? [
          'Addresses, ports, protocols, payload and time of day.',
          'One unusual flow among thousands can hide in its window.',
        ]
      : ['Who talks to whom. Everything is measured within the last 60 packets of a device.'],
  };
}

const leads: Record<PastDetector, string> = {
  guardian: 'All that Guardian learned of these days: every device, the whole house, and both networks.',
  'lstm-autoencoder': 'The autoencoder over ten connections of a device in a row, calibrated for each device.',
  'lstm-rnn': 'The forecaster over the packets of a device, calibrated for each device.',
};

/** Of what an engine has learned. */
export function cardOfPast(result: TrainPastResult, command: string): Card {
  const { details, devices, scores, strategies } = result;
  const { training, detector } = details;
  const lessons = training.networks.map(({ name, loss }, i) => ({ name: `${name}, lesson ${i + 1}`, values: loss }));
  return {
    title: `Model card: ${detector}`,
    lead: leads[detector],
    facts: [
      ['Trained on', training.files.join(', ')],
      [
        'Traffic',
        `${training.hours.toFixed(1)} h, ${training.packets} packets, ${training.connections} connections, ${training.devices} devices`,
      ],
      ['Command', command],
      ['Time', `${training.seconds.toFixed(1)} s, ${(training.seconds / training.devices).toFixed(2)} s a device`],
    ],
    features: [
      ...(detector === 'lstm-autoencoder' ? [] : guardianPacketFeatures.features),
      ...(detector === 'lstm-rnn' ? [] : guardianFlowFeatures.features),
    ],
    plots: [
      ...(lessons.length > 0
        ? [
            {
              caption: 'Error of the networks in their last lessons',
              svg: linePlot(lessons.slice(-2), 'epoch', 'Error in training by epoch'),
            },
          ]
        : []),
      ...(strategies.length > 0
        ? [
            {
              caption: `Surprise of ordinary ${detector === 'lstm-rnn' ? 'packets' : 'connections'} before they were learned, in nats`,
              svg: histogramPlot(scores, marksOf(strategies), 'nats', 'Distribution of surprise'),
            },
          ]
        : []),
    ],
    tables: [
      ...strategyTable(strategies),
      {
        caption: 'Devices',
        header: ['address', 'packets and records', 'share of the seconds'],
        rows: devices.map(({ address, points, shareOfSeconds }) => [
          address,
          String(points),
          shareOfSeconds.toFixed(2),
        ]),
      },
    ],
    limits: [
      'What was wrong already while it learned, unless a rule knows it: rules vet what is learned.',
      'What is inside encrypted traffic.',
      'It alarms by a budget of false alarms a week, not by the thresholds above; they are there to compare.',
    ],
  };
}
