import {
  Button,
  Menu,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Tooltip,
} from "@fluentui/react-components";
import { WeatherMoon20Regular } from "@fluentui/react-icons";
import { type ThemeChoice, useTheme } from "../theme";

const choices: [ThemeChoice, string][] = [
  ["system", "As the system"],
  ["light", "Light"],
  ["dark", "Dark"],
];

/** Light or dark for as long as the page is open. */
export function ThemeMenu() {
  const { choice, choose } = useTheme();
  return (
    <Menu
      checkedValues={{ theme: [choice] }}
      onCheckedValueChange={(_, { checkedItems }) => choose((checkedItems[0] ?? "system") as ThemeChoice)}
    >
      <MenuTrigger disableButtonEnhancement>
        <Tooltip content="Theme" relationship="label">
          <Button appearance="subtle" icon={<WeatherMoon20Regular />} />
        </Tooltip>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {choices.map(([value, label]) => (
            <MenuItemRadio key={value} name="theme" value={value}>
              {label}
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
