import { makeStyles, Tab, TabList } from "@fluentui/react-components";
import { Page } from "@/shared/ui/page";
import { SectionBoundary } from "@/shared/ui/section-boundary";
import { ControlsSection } from "./controls-section";
import { MembersSection } from "./members-section";
import type { SettingsTab } from "./search";
import { TokensSection } from "./tokens-section";
import { WorkspaceSection } from "./workspace-section";

const useStyles = makeStyles({ tabs: { overflowX: "auto", flexShrink: 0 } });

const tabs: { value: SettingsTab; label: string; Content: () => React.JSX.Element }[] = [
  { value: "members", label: "Members", Content: MembersSection },
  { value: "tokens", label: "API tokens", Content: TokensSection },
  { value: "controls", label: "Operational controls", Content: ControlsSection },
  { value: "workspace", label: "Workspace", Content: WorkspaceSection },
];

interface SettingsPageProps {
  tab: SettingsTab | undefined;
  onTab: (tab: SettingsTab) => void;
}

/** Members, the caller's tokens, pauses, and the workspace itself. */
export function SettingsPage({ tab = "members", onTab }: SettingsPageProps) {
  const styles = useStyles();
  const Content = tabs.find(({ value }) => value === tab)?.Content ?? MembersSection;
  return (
    <Page title="Settings">
      <TabList
        className={styles.tabs}
        selectedValue={tab}
        onTabSelect={(_, { value }) => onTab(value as SettingsTab)}
        aria-label="Parts of the settings"
      >
        {tabs.map(({ value, label }) => (
          <Tab key={value} value={value} id={`settings-tab-${value}`} aria-controls="settings-panel">
            {label}
          </Tab>
        ))}
      </TabList>
      <div role="tabpanel" id="settings-panel" aria-labelledby={`settings-tab-${tab}`}>
        <SectionBoundary key={tab}>
          <Content />
        </SectionBoundary>
      </div>
    </Page>
  );
}
