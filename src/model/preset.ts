/** guardian: all detectors raise alerts; published: the published autoencoder with its mean + 3*std alone. */
export const presets = ['guardian', 'published'] as const;
export type Preset = (typeof presets)[number];
