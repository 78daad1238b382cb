// Package tenancy owns the nouns of who is who: workspaces, their members, the
// tenants they look after, and each tenant's provider connection.
//
// A workspace is one MSP team. A tenant is one Microsoft Entra directory that a
// workspace has registered; "managed environment" is the same thing in review
// copy and never a second id. Roles are names only: what a role may do is the
// capability table of pkg/access.
package tenancy

import "time"

// Typed ids. All are UUIDv7 in their usual text form.
type (
	// WorkspaceID identifies a workspace.
	WorkspaceID string
	// TenantID identifies a registered tenant (not the Entra directory).
	TenantID string
	// UserID identifies a person's account.
	UserID string
	// DirectoryID is the Entra tenant GUID, lower case.
	DirectoryID string
)

// WorkspaceRole is a member's role in a workspace.
type WorkspaceRole string

// The workspace roles.
const (
	Owner    WorkspaceRole = "owner"
	Manager  WorkspaceRole = "manager"
	Operator WorkspaceRole = "operator"
	Readonly WorkspaceRole = "readonly"
	Support  WorkspaceRole = "support"
	Customer WorkspaceRole = "customer"
)

// TenantRole is a member's role in one tenant.
type TenantRole string

// The tenant roles.
const (
	TenantManager  TenantRole = "manager"
	TenantOperator TenantRole = "operator"
	TenantReader   TenantRole = "reader"
)

// Cloud names the Microsoft cloud a directory lives in.
type Cloud string

// The clouds.
const (
	CloudGlobal   Cloud = "global"
	CloudUSGov    Cloud = "us_gov"
	CloudUSGovDoD Cloud = "us_gov_dod"
	CloudChina    Cloud = "china"
)

// Workspace is one MSP team and everything it looks after.
type Workspace struct {
	ID          WorkspaceID
	DisplayName string
	Revision    int64
	CreatedAt   time.Time
}

// User is a person's account. An account without a password cannot sign in.
type User struct {
	ID          UserID
	Email       string // lower case, unique
	DisplayName string
	CreatedAt   time.Time
}

// Member is a user's place in a workspace.
type Member struct {
	User     User
	Role     WorkspaceRole
	Revision int64
}

// TenantMember is a workspace member's place in one tenant.
type TenantMember struct {
	User     User
	Role     TenantRole
	Revision int64
}

// Tenant is one registered Entra directory.
type Tenant struct {
	ID          TenantID
	WorkspaceID WorkspaceID
	DisplayName string
	DirectoryID DirectoryID
	Cloud       Cloud
	ArchivedAt  *time.Time
	Revision    int64
	CreatedAt   time.Time
}

// ConnectionStatus says what the last verification of a connection found.
type ConnectionStatus string

// The connection states; None means no connection has been stored.
const (
	ConnectionNone              ConnectionStatus = "none"
	ConnectionUnverified        ConnectionStatus = "unverified"
	ConnectionVerified          ConnectionStatus = "verified"
	ConnectionPermissionMissing ConnectionStatus = "permission_missing"
	ConnectionFailed            ConnectionStatus = "failed"
)

// CredentialKind is how a connection proves itself to the directory.
type CredentialKind string

// The credential kinds.
const (
	ClientSecret      CredentialKind = "client_secret"
	ClientCertificate CredentialKind = "client_certificate"
)

// Connection is how the product reaches a tenant. The credential itself is
// sealed in the store and never part of this value.
type Connection struct {
	TenantID           TenantID
	ClientID           string
	CredentialKind     CredentialKind
	WriteEnabled       bool // gates every mutation of the tenant
	Status             ConnectionStatus
	StatusReason       string   // plain sentence, empty when verified
	GrantedPermissions []string // Graph application roles seen at the last verification, sorted
	MissingPermissions []string // what the product's features need and the directory has not granted, sorted
	VerifiedAt         *time.Time
	Revision           int64
}
