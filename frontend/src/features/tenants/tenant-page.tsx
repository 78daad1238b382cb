import { makeStyles, Tab, TabList } from "@fluentui/react-components";
import { ArrowSync20Regular, TargetArrow20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { paths } from "@/app/paths";
import { useActions } from "@/shared/api/actions";
import { type Tenant, tenantQuery } from "@/shared/api/tenants";
import { useWorkspace } from "@/shared/api/workspace";
import { ActionButton } from "@/shared/ui/action-button";
import { useAnnounce } from "@/shared/ui/announcer";
import { Page } from "@/shared/ui/page";
import { ProblemBanner } from "@/shared/ui/problem-banner";
import { RouterButton } from "@/shared/ui/router-link";
import { SectionBoundary } from "@/shared/ui/section-boundary";
import { Answer, Partial as PartialNotice } from "@/shared/ui/states";
import { ConnectionPanel } from "./connection-panel";
import { InventoryPanel } from "./inventory-panel";
import { MembersPanel } from "./members-panel";
import { useStartSync } from "./mutations";
import { TenantBreadcrumb } from "./tenant-breadcrumb";
import { TenantMenu } from "./tenant-menu";
import { TenantOverview } from "./tenant-overview";
import type { TenantSearch, TenantTab } from "./tenant-search";

const useStyles = makeStyles({
  tabs: { marginInlineStart: "-10px", overflowX: "auto" },
  panel: { display: "flex", flexDirection: "column", gap: "16px", minWidth: 0 },
});

const tabs: [TenantTab, string][] = [
  ["overview", "Overview"],
  ["connection", "Connection"],
  ["inventory", "Inventory"],
  ["members", "Members"],
];

interface TenantPageProps {
  tenantId: string;
  search: TenantSearch;
  onSearch: (change: Partial<TenantSearch>) => void;
  here: string;
}

/** One tenant: how it is connected, what was read from it, who may work with it. */
export function TenantPage(props: TenantPageProps) {
  const workspace = useWorkspace();
  const query = useQuery(tenantQuery(workspace.workspace_id, props.tenantId));
  if (query.data) return <LoadedTenant tenant={query.data} {...props} />;
  return (
    <Page title="Tenant" breadcrumb={<TenantBreadcrumb />}>
      <Answer query={query} what="the tenant">
        {() => null}
      </Answer>
    </Page>
  );
}

function LoadedTenant({ tenant, search, onSearch, here }: TenantPageProps & { tenant: Tenant }) {
  const styles = useStyles();
  const tab = search.tab ?? "overview";
  const sync = useSync(tenant);
  return (
    <Page
      title={tenant.display_name}
      breadcrumb={<TenantBreadcrumb />}
      actions={
        <>
          {sync.button}
          <RouterButton
            {...paths.compare({ target: tenant.id, return: here })}
            icon={<TargetArrow20Regular />}
          >
            Use as target
          </RouterButton>
          <TenantMenu tenant={tenant} />
        </>
      }
    >
      <ProblemBanner error={sync.error} />
      {tenant.archived_at && (
        <PartialNotice title="This tenant is archived">
          Nothing new starts for it. What was read stays visible.
        </PartialNotice>
      )}
      <TabList
        className={styles.tabs}
        selectedValue={tab}
        onTabSelect={(_, { value }) =>
          onSearch({ tab: value === "overview" ? undefined : (value as TenantTab) })
        }
      >
        {tabs.map(([value, label]) => (
          <Tab key={value} value={value} id={`tab-${value}`} aria-controls="tenant-panel">
            {label}
          </Tab>
        ))}
      </TabList>
      <div id="tenant-panel" role="tabpanel" aria-labelledby={`tab-${tab}`} className={styles.panel}>
        <SectionBoundary key={tab}>
          {tab === "overview" && <TenantOverview tenant={tenant} />}
          {tab === "connection" && <ConnectionPanel tenant={tenant} />}
          {tab === "inventory" && <InventoryPanel tenant={tenant} search={search} onSearch={onSearch} />}
          {tab === "members" && <MembersPanel tenant={tenant} />}
        </SectionBoundary>
      </div>
    </Page>
  );
}

function useSync(tenant: Tenant) {
  const workspace = useWorkspace();
  const announce = useAnnounce();
  const can = useActions(tenant.actions);
  const start = useStartSync();
  const button = can("sync").known && (
    <ActionButton
      appearance="primary"
      icon={<ArrowSync20Regular />}
      busy={start.isPending}
      {...can("sync").props}
      onClick={() =>
        start.mutate(
          { params: { path: { workspace_id: workspace.workspace_id, tenant_id: tenant.id } }, body: {} },
          { onSuccess: ({ message }) => announce(message) },
        )
      }
    >
      Sync now
    </ActionButton>
  );
  return { button, error: start.error };
}
