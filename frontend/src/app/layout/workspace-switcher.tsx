import {
  Button,
  Menu,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
} from "@fluentui/react-components";
import { ChevronDown16Regular } from "@fluentui/react-icons";
import { useNavigate } from "@tanstack/react-router";
import type { Membership } from "@/shared/api/workspace";

const useStyles = makeStyles({
  button: { minWidth: 0, maxWidth: "320px", flexShrink: 1 },
  name: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
});

/** The workspace of the page. Another one begins at its tenants. */
export function WorkspaceSwitcher({
  memberships,
  current,
}: {
  memberships: Membership[];
  current: Membership;
}) {
  const styles = useStyles();
  const navigate = useNavigate();
  return (
    <Menu
      checkedValues={{ workspace: [current.workspace_id] }}
      onCheckedValueChange={(_, { checkedItems }) =>
        void navigate({ to: "/admin/tenants", search: { workspace: checkedItems[0] } })
      }
    >
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          className={styles.button}
          icon={<ChevronDown16Regular />}
          iconPosition="after"
          aria-label={`Workspace: ${current.display_name}`}
        >
          <span className={styles.name}>{current.display_name}</span>
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {memberships.map(({ workspace_id, display_name }) => (
            <MenuItemRadio key={workspace_id} name="workspace" value={workspace_id}>
              {display_name}
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
