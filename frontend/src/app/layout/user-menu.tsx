import {
  Avatar,
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  Tooltip,
} from "@fluentui/react-components";
import { SignOut20Regular } from "@fluentui/react-icons";
import { useNavigate } from "@tanstack/react-router";
import { paths } from "@/app/paths";
import type { Schema } from "@/shared/api/client";
import { useSignOut } from "@/shared/api/session";

const useStyles = makeStyles({ button: { minWidth: "40px", paddingInline: "6px" } });

/** Who is signed in, and the way out. */
export function UserMenu({ user }: { user: Schema<"User"> }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const signOut = useSignOut();
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Tooltip content={`Account of ${user.display_name}`} relationship="label">
          <Button appearance="subtle" className={styles.button}>
            <Avatar name={user.display_name} size={28} color="neutral" aria-hidden />
          </Button>
        </Tooltip>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuGroup>
            <MenuGroupHeader>
              {user.display_name} · {user.email}
            </MenuGroupHeader>
          </MenuGroup>
          <MenuDivider />
          <MenuItem
            icon={<SignOut20Regular />}
            onClick={() => signOut.mutate(undefined, { onSettled: () => void navigate(paths.signIn()) })}
          >
            Sign out
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
