import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { Checkmark16Filled } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { tenantQuery } from "@/shared/api/tenants";
import { useWorkspace } from "@/shared/api/workspace";
import { Page } from "@/shared/ui/page";
import { Answer } from "@/shared/ui/states";
import { CheckStep, ConnectStep, DetailsStep } from "./add-tenant-steps";
import { connectionQuery } from "./queries";
import { TenantBreadcrumb } from "./tenant-breadcrumb";

const useStyles = makeStyles({
  steps: { display: "flex", flexWrap: "wrap", gap: "4px 24px", margin: 0, padding: 0, listStyleType: "none" },
  step: { display: "flex", alignItems: "center", gap: "8px", color: tokens.colorNeutralForeground2 },
  current: { color: tokens.colorNeutralForeground1, fontWeight: tokens.fontWeightSemibold },
  number: {
    display: "inline-flex",
    alignItems: "center",
    justifyContent: "center",
    width: "24px",
    height: "24px",
    borderRadius: tokens.borderRadiusCircular,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    fontSize: tokens.fontSizeBase200,
  },
  numberNow: {
    backgroundColor: tokens.colorBrandBackground,
    color: tokens.colorNeutralForegroundOnBrand,
    border: `1px solid ${tokens.colorBrandBackground}`,
  },
});

const steps = ["Directory", "Connection", "Check"];

interface AddTenantPageProps {
  /** The tenant that the first step made; in the address, so that a reload continues. */
  tenantId: string | undefined;
  onCreated: (tenantId: string) => void;
  onDone: (tenantId: string) => void;
}

/** Registers a tenant, connects it and reads it for the first time. */
export function AddTenantPage(props: AddTenantPageProps) {
  return (
    <Page
      title="Add tenant"
      breadcrumb={<TenantBreadcrumb />}
      lead="A tenant is one Microsoft Entra directory. Adding it changes nothing in the directory."
    >
      {props.tenantId ? (
        <AfterDetails {...props} tenantId={props.tenantId} />
      ) : (
        <>
          <Steps current={0} />
          <DetailsStep onCreated={props.onCreated} />
        </>
      )}
    </Page>
  );
}

function AfterDetails({ tenantId, onDone }: AddTenantPageProps & { tenantId: string }) {
  const workspace = useWorkspace();
  const tenant = useQuery(tenantQuery(workspace.workspace_id, tenantId));
  const connection = useQuery(connectionQuery(workspace.workspace_id, tenantId));
  return (
    <Answer query={tenant} what="the tenant">
      {(made) => (
        <Answer query={connection} what="the connection">
          {(stored) => {
            const connected = stored.status !== "none";
            return (
              <>
                <Steps current={connected ? 2 : 1} />
                {connected ? (
                  <CheckStep tenant={made} connection={stored} onDone={() => onDone(made.id)} />
                ) : (
                  <ConnectStep tenant={made} connection={stored} onSkip={() => onDone(made.id)} />
                )}
              </>
            );
          }}
        </Answer>
      )}
    </Answer>
  );
}

function Steps({ current }: { current: number }) {
  const styles = useStyles();
  return (
    <ol className={styles.steps} aria-label="Steps">
      {steps.map((label, index) => (
        <li
          key={label}
          aria-current={index === current ? "step" : undefined}
          className={mergeClasses(styles.step, index === current && styles.current)}
        >
          <span className={mergeClasses(styles.number, index === current && styles.numberNow)} aria-hidden>
            {index < current ? <Checkmark16Filled /> : index + 1}
          </span>
          {label}
        </li>
      ))}
    </ol>
  );
}
