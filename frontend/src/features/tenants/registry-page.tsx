import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { Add20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { paths } from "@/app/paths";
import { type Tenant, tenantsQuery } from "@/shared/api/tenants";
import { useCapability, useWorkspace } from "@/shared/api/workspace";
import { plural } from "@/shared/lib/format";
import { Page } from "@/shared/ui/page";
import { RouterButton } from "@/shared/ui/router-link";
import { SectionBoundary } from "@/shared/ui/section-boundary";
import { Answer, Empty } from "@/shared/ui/states";
import { useRegistryRows } from "./queries";
import { visibleRows } from "./registry-rows";
import type { RegistrySearch } from "./registry-search";
import { RegistryTable } from "./registry-table";
import { RegistryToolbar } from "./registry-toolbar";

const useStyles = makeStyles({
  count: { color: tokens.colorNeutralForeground2 },
  body: { display: "flex", flexDirection: "column", gap: "8px", minWidth: 0 },
});

interface RegistryPageProps {
  search: RegistrySearch;
  /** Replaces parts of the address. */
  onSearch: (change: Partial<RegistrySearch>) => void;
  /** The address of this page, to come back to. */
  here: string;
}

/** The tenants of the workspace. */
export function RegistryPage(props: RegistryPageProps) {
  const workspace = useWorkspace();
  const mayAdd = useCapability("workspace.tenants.create");
  const tenants = useQuery(tenantsQuery(workspace.workspace_id));
  const add = mayAdd && (
    <RouterButton {...paths.addTenant()} appearance="primary" icon={<Add20Regular />}>
      Add tenant
    </RouterButton>
  );
  return (
    <Page
      title="Tenants"
      lead="The Microsoft Entra directories that this workspace looks after."
      actions={add}
    >
      <SectionBoundary>
        <Answer query={tenants} what="the tenants">
          {(list) =>
            list.length > 0 ? (
              <Registry tenants={list} {...props} />
            ) : (
              <Empty title="No tenants yet" actions={add}>
                {mayAdd
                  ? "Add the first tenant, connect it with an app registration, and read its policies."
                  : "You have no access to a tenant of this workspace yet. Ask an owner or manager for it."}
              </Empty>
            )
          }
        </Answer>
      </SectionBoundary>
    </Page>
  );
}

function Registry({ tenants, search, onSearch, here }: RegistryPageProps & { tenants: Tenant[] }) {
  const styles = useStyles();
  const workspace = useWorkspace();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const rows = visibleRows(useRegistryRows(workspace.workspace_id, tenants), search);
  // What a filter hides is not chosen any more.
  const chosen = [...selected].filter((id) => rows.some(({ tenant }) => tenant.id === id));
  return (
    <div className={styles.body}>
      <RegistryToolbar search={search} onSearch={onSearch} chosen={chosen} here={here} />
      <Text size={200} className={styles.count} role="status">
        {plural(rows.length, "tenant")}
        {chosen.length > 0 && `, ${chosen.length} selected`}
      </Text>
      {rows.length > 0 ? (
        <RegistryTable
          rows={rows}
          search={search}
          onSearch={onSearch}
          selection={{ ids: new Set(chosen), onChange: setSelected }}
        />
      ) : (
        <Empty title="No tenant matches">Change the search or the filters above.</Empty>
      )}
    </div>
  );
}
