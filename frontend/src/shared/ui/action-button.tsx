import { Button, type ButtonProps, Spinner, Tooltip } from "@fluentui/react-components";

type NativeButtonProps = Extract<ButtonProps, { as?: "button" }>;

type ActionButtonProps = Omit<NativeButtonProps, "disabled" | "disabledFocusable" | "as"> & {
  /** Why it cannot be used now; the button stays in the tab order and tells it. */
  refusal?: string;
  /** Shows that the work has begun and takes no second click. */
  busy?: boolean;
};

/** A button for something the server allows or refuses with a reason. */
export function ActionButton({ refusal, busy, icon, ...rest }: ActionButtonProps) {
  // Always below a tooltip, without text when it is allowed: the button stays the
  // same element and keeps its focus when that changes.
  return (
    <Tooltip content={refusal ?? ""} relationship="description">
      <Button
        {...(rest as NativeButtonProps)}
        icon={busy ? <Spinner size="tiny" aria-hidden /> : icon}
        disabledFocusable={Boolean(refusal) || busy}
      />
    </Tooltip>
  );
}
