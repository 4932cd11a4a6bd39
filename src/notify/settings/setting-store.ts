/** Where notifications keep what is no message: settings of the page, and what is remembered of channels. */
export interface SettingStore {
  /** Null where there is none. A value is JSON. */
  read(name: string): Promise<string | null>;
  write(name: string, value: string): Promise<void>;
}
