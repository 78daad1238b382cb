import { Button, makeStyles, Tooltip, tokens } from "@fluentui/react-components";
import { ArrowSwap20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { tenantsQuery } from "@/shared/api/tenants";
import { useWorkspace } from "@/shared/api/workspace";
import { ConfirmDialog } from "@/shared/ui/confirm-dialog";
import { Answer, Empty } from "@/shared/ui/states";
import { type CompareSearch, changed, swapped } from "./search";
import { TenantPicker } from "./tenant-picker";

const useStyles = makeStyles({
  row: { display: "flex", flexWrap: "wrap", alignItems: "flex-start", gap: "12px 16px" },
  swap: { marginTop: "26px", "@media (max-width: 640px)": { marginTop: 0 } },
  name: { fontWeight: tokens.fontWeightSemibold },
});

interface SelectionBarProps {
  search: CompareSearch;
  onSearch: (search: CompareSearch) => void;
}

/** Source and target. They are swapped only after a question: it changes which tenant would be written to. */
export function SelectionBar({ search, onSearch }: SelectionBarProps) {
  const styles = useStyles();
  const workspace = useWorkspace();
  const tenants = useQuery(tenantsQuery(workspace.workspace_id));
  const [asking, setAsking] = useState(false);
  const swapButton = useRef<HTMLButtonElement>(null);
  const close = () => {
    setAsking(false);
    setTimeout(() => swapButton.current?.focus());
  };
  return (
    <Answer query={tenants} what="the tenants" rows={1}>
      {(all) => {
        const name = (id: string | undefined) =>
          all.find((each) => each.id === id)?.display_name ?? "the other tenant";
        if (all.length === 0)
          return <Empty title="No tenant to compare">Add two tenants to this workspace first.</Empty>;
        return (
          <div className={styles.row}>
            <TenantPicker
              label="Source tenant"
              hint="Policies are taken from here. It is never changed."
              tenants={all}
              value={search.source}
              onChange={(source) => onSearch(changed(search, { source }))}
            />
            <Tooltip content="Swap source and target" relationship="label">
              <Button
                ref={swapButton}
                className={styles.swap}
                icon={<ArrowSwap20Regular />}
                disabledFocusable={!search.source || !search.target || search.source === search.target}
                onClick={() => setAsking(true)}
              />
            </Tooltip>
            <TenantPicker
              label="Target tenant"
              hint="A promotion would change this tenant."
              tenants={all}
              value={search.target}
              onChange={(target) => onSearch(changed(search, { target }))}
            />
            <ConfirmDialog
              open={asking}
              title="Swap source and target?"
              confirmLabel="Swap"
              onCancel={close}
              onConfirm={() => {
                close();
                onSearch(swapped(search));
              }}
            >
              <p>
                <span className={styles.name}>{name(search.source)}</span> becomes the target: a promotion
                would change it. Policies would be taken from{" "}
                <span className={styles.name}>{name(search.target)}</span>.
              </p>
              <p>Nothing is changed now. A preflight that you have generated is discarded.</p>
            </ConfirmDialog>
          </div>
        );
      }}
    </Answer>
  );
}
