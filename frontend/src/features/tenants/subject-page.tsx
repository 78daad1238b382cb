import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { paths } from "@/app/paths";
import type { Schema } from "@/shared/api/client";
import { policyTypesQuery, tenantQuery } from "@/shared/api/tenants";
import { useTenantCapability, useWorkspace } from "@/shared/api/workspace";
import { formatAbsolute } from "@/shared/lib/format";
import { CopyableId } from "@/shared/ui/copyable-id";
import { type Column, DataTable } from "@/shared/ui/data-table";
import { Facts } from "@/shared/ui/facts";
import { Page } from "@/shared/ui/page";
import { RelativeTime } from "@/shared/ui/relative-time";
import { RouterLink } from "@/shared/ui/router-link";
import { Section } from "@/shared/ui/section";
import { SectionBoundary } from "@/shared/ui/section-boundary";
import { Answer, Empty } from "@/shared/ui/states";
import { StatusBadge } from "@/shared/ui/status-badge";
import { subjectQuery, versionQuery, versionsQuery } from "./queries";
import { TenantBreadcrumb } from "./tenant-breadcrumb";

const useStyles = makeStyles({
  raw: {
    margin: 0,
    padding: "12px 16px",
    maxHeight: "520px",
    overflow: "auto",
    whiteSpace: "pre",
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase300,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  quiet: { color: tokens.colorNeutralForeground2 },
});

interface SubjectPageProps {
  tenantId: string;
  subjectId: string;
  /** The version whose content is shown; the newest when absent. */
  version: string | undefined;
}

/** One policy of a tenant: what it is, its versions, and the raw content for those allowed. */
export function SubjectPage({ tenantId, subjectId, version }: SubjectPageProps) {
  const workspace = useWorkspace();
  const tenant = useQuery(tenantQuery(workspace.workspace_id, tenantId));
  const subject = useQuery(subjectQuery(workspace.workspace_id, tenantId, subjectId));
  const between = [
    {
      key: "tenant",
      link: <RouterLink {...paths.tenant(tenantId)}>{tenant.data?.display_name ?? "Tenant"}</RouterLink>,
    },
    { key: "inventory", link: <RouterLink {...paths.tenant(tenantId, "inventory")}>Inventory</RouterLink> },
  ];
  return (
    <Page title={subject.data?.display_name || "Policy"} breadcrumb={<TenantBreadcrumb between={between} />}>
      <Answer query={subject} what="the policy">
        {(loaded) => (
          <>
            <Essentials subject={loaded} />
            <SectionBoundary>
              <Versions tenantId={tenantId} subject={loaded} shown={version ?? loaded.version_id} />
            </SectionBoundary>
            <SectionBoundary>
              <Content tenantId={tenantId} versionId={version ?? loaded.version_id} />
            </SectionBoundary>
          </>
        )}
      </Answer>
    </Page>
  );
}

function Essentials({ subject }: { subject: Schema<"Subject"> }) {
  const types = useQuery(policyTypesQuery());
  const type = types.data?.items.find(({ key }) => key === subject.policy_type);
  return (
    <Section title="Essentials">
      <Facts
        facts={[
          { name: "Policy type", value: type?.label ?? subject.policy_type },
          {
            name: "Can be promoted",
            value: type ? (
              <StatusBadge label={type.promotable ? "Yes" : "No"} tone={type.promotable ? "good" : "quiet"} />
            ) : (
              "–"
            ),
          },
          { name: "Last read", value: <RelativeTime at={subject.last_read_at} /> },
          { name: "First seen", value: <RelativeTime at={subject.first_seen_at} /> },
          { name: "Object id", value: <CopyableId value={subject.object_id} label="object id" /> },
          ...(subject.deleted_at
            ? [{ name: "Deleted in the tenant", value: <RelativeTime at={subject.deleted_at} /> }]
            : []),
        ]}
      />
      {type?.why_not && <Text>{type.why_not}</Text>}
    </Section>
  );
}

interface VersionsProps {
  tenantId: string;
  subject: Schema<"Subject">;
  shown: string;
}

function Versions({ tenantId, subject, shown }: VersionsProps) {
  const workspace = useWorkspace();
  const versions = useQuery(versionsQuery(workspace.workspace_id, tenantId, subject.id));
  const columns: Column<Schema<"Version">>[] = [
    {
      id: "captured",
      header: "Captured",
      cell: ({ id, captured_at }) => (
        <>
          <RouterLink
            {...paths.subject(tenantId, subject.id, id)}
            aria-current={id === shown ? "true" : undefined}
          >
            {formatAbsolute(captured_at)}
          </RouterLink>
          {id === subject.version_id && " (current)"}
          {id === shown && " (shown below)"}
        </>
      ),
    },
    { id: "name", header: "Name at that time", cell: ({ display_name }) => display_name },
    {
      id: "run",
      header: "Captured by",
      width: 160,
      cell: ({ operation_id }) => <RouterLink {...paths.operation(operation_id)}>Open operation</RouterLink>,
    },
  ];
  return (
    <Section title="Versions">
      <Answer query={versions} what="the versions" rows={2}>
        {({ items }) => (
          <DataTable
            label="Versions"
            columns={columns}
            rows={items}
            rowId={({ id }) => id}
            rowName={({ captured_at }) => formatAbsolute(captured_at)}
            maxHeight={320}
            minWidth={620}
          />
        )}
      </Answer>
    </Section>
  );
}

function Content({ tenantId, versionId }: { tenantId: string; versionId: string }) {
  const styles = useStyles();
  const workspace = useWorkspace();
  const allowed = useTenantCapability(tenantId, "tenant.raw.view");
  const version = useQuery({
    ...versionQuery(workspace.workspace_id, tenantId, versionId),
    enabled: allowed,
  });
  if (!allowed) {
    return (
      <Section title="Raw content">
        <Text className={styles.quiet}>Raw content is not part of your access to this tenant.</Text>
      </Section>
    );
  }
  return (
    <Answer query={version} what="the content">
      {({ references, raw }) => (
        <>
          <References references={references} />
          <Section title="Raw content">
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
            <section className={styles.raw} tabIndex={0} aria-label="Raw content as JSON">
              {JSON.stringify(raw, null, 2)}
            </section>
          </Section>
        </>
      )}
    </Answer>
  );
}

const words = (code: string): string => {
  const spaced = code.replaceAll("_", " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
};

function References({ references }: { references: Schema<"VersionReference">[] }) {
  const columns: Column<Schema<"VersionReference">>[] = [
    { id: "name", header: "Name", cell: ({ name }) => name ?? "Name not known" },
    { id: "kind", header: "Kind", width: 200, cell: ({ kind }) => words(kind) },
    { id: "part", header: "Used in", width: 140, cell: ({ part }) => words(part) },
    { id: "id", header: "Id", width: 360, cell: ({ id }) => <CopyableId value={id} label="id" /> },
  ];
  return (
    <Section title="References">
      {references.length > 0 ? (
        <DataTable
          label="References"
          columns={columns}
          rows={references}
          rowId={({ part, kind, id }) => `${part}/${kind}/${id}`}
          rowName={({ name, id }) => name ?? id}
          maxHeight={320}
          minWidth={820}
        />
      ) : (
        <Empty title="No references">This policy names no group, filter, scope tag or other object.</Empty>
      )}
    </Section>
  );
}
