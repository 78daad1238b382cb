// Microsoft Graph's application permissions in words: what each one is for here.
const areas: Record<string, string> = {
  DeviceManagementConfiguration: "device configuration, compliance and update policies",
  DeviceManagementApps: "app protection and app configuration policies",
  DeviceManagementRBAC: "scope tags and Intune roles",
  DeviceManagementScripts: "scripts and remediations",
  DeviceManagementServiceConfig: "enrolment, Autopilot, notifications and terms",
  DeviceManagementManagedDevices: "managed devices",
  Policy: "conditional access and named locations",
  Group: "groups that policies are assigned to",
  GroupMember: "members of groups",
  Application: "applications that policies name",
  Agreement: "terms of use",
  Directory: "the directory",
  Organization: "the organisation",
  User: "users",
  UserAuthenticationMethod: "sign-in methods of users",
  AuditLog: "sign-in and audit logs",
  Reports: "usage reports",
  RoleManagement: "directory roles",
  RoleEligibilitySchedule: "eligible directory roles",
};

/** "Device configuration … can be changed": what a permission is for. */
export function purposeOf(permission: string): string {
  const [area = "", verb = ""] = permission.split(".");
  const what = areas[area] ?? "a part of Microsoft Graph";
  return verb.includes("Write") ? `Changing ${what}` : `Reading ${what}`;
}

/** What does not work without a permission. */
export function withoutPermission(permission: string): string {
  const [area = "", verb = ""] = permission.split(".");
  const what = areas[area] ?? "a part of Microsoft Graph";
  return verb.includes("Write")
    ? `Without it nothing can be promoted to this tenant in ${what}.`
    : `Without it ${what} are not read: they cannot be compared or promoted.`;
}
