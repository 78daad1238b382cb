import { makeStyles, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { Section } from "@/shared/ui/section";

const useStyles = makeStyles({ lead: { color: tokens.colorNeutralForeground2, maxWidth: "80ch" } });

interface SettingsSectionProps {
  title: string;
  /** What this part is for. */
  lead: string;
  action?: ReactNode;
  children: ReactNode;
}

/** One part of the settings. */
export function SettingsSection({ title, lead, action, children }: SettingsSectionProps) {
  const styles = useStyles();
  return (
    <Section title={title} actions={action}>
      <Text className={styles.lead}>{lead}</Text>
      {children}
    </Section>
  );
}
