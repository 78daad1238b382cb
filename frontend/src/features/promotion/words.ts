import type { Schema } from "@/shared/api/client";
import { formatNumber, plural } from "@/shared/lib/format";
import type { Tone } from "@/shared/lib/words";
import type { Bucket, PreflightItem } from "./queries";

type Reason = PreflightItem["reasons"][number];

export const buckets: Record<Bucket, { label: string; tone: Tone; note: string }> = {
  ready: { label: "Ready", tone: "good", note: "Would be applied to the target." },
  blocked: {
    label: "Blocked",
    tone: "bad",
    note: "Left out: something stands in the way of applying them safely.",
  },
  manual_mapping_required: {
    label: "Manual mapping",
    tone: "warn",
    note: "Left out: something in them has no certain counterpart in the target, and TenantAtlas does not guess.",
  },
  aligned: {
    label: "Already aligned",
    tone: "quiet",
    note: "For information: equal in both tenants, nothing to do.",
  },
};

export const bucketOrder: Bucket[] = ["ready", "blocked", "manual_mapping_required", "aligned"];

const actionWords: Record<PreflightItem["action"], string> = {
  create: "Create",
  update: "Update",
  none: "No change",
};

/** What executing would do with one subject. */
export const actionWord = ({ action, bucket }: PreflightItem): string =>
  bucket === "ready" || bucket === "aligned" ? actionWords[action] : "Left out";

const referenceKinds: Record<NonNullable<Reason["reference"]>["kind"], string> = {
  scope_tag: "Scope tag",
  filter: "Assignment filter",
  named_location: "Named location",
  notification_template: "Notification template",
  reusable_setting: "Reusable setting",
  compliance_script: "Compliance script",
  certificate_profile: "Certificate profile",
  group: "Group",
  user: "User",
  application: "Application",
  app: "App",
  authentication_strength: "Authentication strength",
  terms_of_use: "Terms of use",
  tenant: "Tenant",
};

const createInTarget = "Create it in the target under this name, then sync the target.";
const exactlyOne = "See that the target has exactly one with this name, then sync the target.";

/** What would have to change, where the server's sentence only says what is wrong. */
const remedies: Partial<Record<Reason["code"], string>> = {
  group_not_found: createInTarget,
  app_not_found: createInTarget,
  group_ambiguous: exactlyOne,
  app_ambiguous: exactlyOne,
  filter_not_found: exactlyOne,
  scope_tag_not_found: exactlyOne,
  notification_template_not_found: exactlyOne,
  compliance_script_not_found: exactlyOne,
  reusable_setting_not_found: exactlyOne,
  named_location_not_found: exactlyOne,
  terms_of_use_not_found: exactlyOne,
  auth_strength_not_found: exactlyOne,
  certificate_ambiguous: exactlyOne,
  user_not_found: "Assign a group in the source in place of the user, then sync the source.",
  target_ambiguous: "Rename or remove the others, so that one policy has this name, then sync that tenant.",
  assignments_would_be_removed:
    "Compare without assignments to keep those of the target, or change the assignments in the source.",
  dependency_blocked:
    "Resolve what stands in the way of the other policy first, or create it in the target by hand.",
  type_unsupported: "Create or change it in the target by hand.",
  read_only_object: "Nothing has to be done: it is part of every tenant.",
  approval_required: "Change it in the target by hand, with the approval that the target asks for.",
  template_inactive: "Recreate the policy in the source from a template that Microsoft still offers.",
  assignment_kind_unsupported: "Change its assignments in the source, or compare without assignments.",
  autopilot_all_devices_conflict: "Assign one of the two profiles to groups.",
  ca_lockout_risk: "Exclude an emergency access account or group in the source, then sync the source.",
  security_defaults_on: "Switch security defaults off in the target, then sync the target.",
};

export interface ReasonText {
  key: string;
  message: string;
  next?: string;
}

/** Reasons as sentences: what is wrong, with which thing, and what would have to change. */
export function reasonTexts(reasons: Reason[]): ReasonText[] {
  return reasons.map(({ code, message, reference }, index) => ({
    key: `${index} ${code}`,
    message: reference ? `${message} ${referenceKinds[reference.kind]}: “${reference.name}”.` : message,
    next: remedies[code],
  }));
}

/** "12 ready, 2 blocked, 0 manual mapping". */
export const countsWords = (counts: Schema<"ProblemCounts">): string =>
  `${formatNumber(counts.ready)} ready, ${formatNumber(counts.blocked)} blocked, ${formatNumber(counts.manual_mapping_required)} manual mapping`;

type Changes = Schema<"ProblemChanges">;

/** What moved since a preflight was generated, as sentences. */
export function changeWords(changes: Changes, source: string, target: string): string[] {
  const moved = (count: number, name: string) =>
    `${plural(count, "policy", "policies")} of ${name} ${count === 1 ? "was" : "were"} captured anew or deleted.`;
  const words: string[] = [];
  if (changes.unknown_preflight)
    words.push("The preflight that was confirmed is not known here, so what has changed cannot be told.");
  if (changes.rule_changed) words.push("The rules of TenantAtlas have changed.");
  if (changes.selection_changed) words.push("The selection is not the one of the preflight.");
  if (changes.source > 0) words.push(moved(changes.source, source));
  if (changes.target > 0) words.push(moved(changes.target, target));
  return words.length > 0
    ? words
    : [
        "Something that decides about the promotion has changed, such as the age of a capture or a permission.",
      ];
}
