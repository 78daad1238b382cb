export const settingsTabs = ["members", "tokens", "controls", "workspace"] as const;

export type SettingsTab = (typeof settingsTabs)[number];

/** What of the settings is in the address. */
export interface SettingsSearch {
  tab?: SettingsTab;
}
