package store

import (
	"context"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/identity"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// identityStore is the store as pkg/identity sees it.
type identityStore struct{ *DB }

// Identity returns the store of pkg/identity.
func (d *DB) Identity() identity.Store { return identityStore{d} }

const userColumns = "u.id AS user_id, u.email, u.display_name, u.created_at AS user_created_at"

type userRow struct {
	UserID        string
	Email         string
	DisplayName   string
	UserCreatedAt time.Time
}

func (r userRow) user() tenancy.User {
	return tenancy.User{
		ID: tenancy.UserID(r.UserID), Email: r.Email, DisplayName: r.DisplayName, CreatedAt: r.UserCreatedAt.UTC(),
	}
}

// EnsureUser creates the account of the email or returns the one there is.
func (d *DB) EnsureUser(ctx context.Context, u tenancy.User) (tenancy.User, bool, error) {
	id := NewID()
	n, err := d.write(ctx, `
		INSERT INTO users (id, email, display_name, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (email) DO NOTHING`,
		id, u.Email, u.DisplayName, u.CreatedAt)
	if err != nil {
		return u, false, err
	}
	var row userRow
	err = d.readOne(ctx, &row, "SELECT "+userColumns+" FROM users u WHERE u.email = ?", u.Email)
	return row.user(), n == 1, err
}

func (d identityStore) UserByEmail(ctx context.Context, email string) (tenancy.User, error) {
	var row userRow
	err := d.readOne(ctx, &row, "SELECT "+userColumns+" FROM users u WHERE u.email = ?", email)
	return row.user(), err
}

func (d identityStore) UserByID(ctx context.Context, id tenancy.UserID) (tenancy.User, error) {
	var row userRow
	if !isID(string(id)) {
		return row.user(), fault.Missing()
	}
	err := d.readOne(ctx, &row, "SELECT "+userColumns+" FROM users u WHERE u.id = ?", string(id))
	return row.user(), err
}

// noUser names nobody; asking for it takes as long as asking for somebody.
const noUser = "00000000-0000-0000-0000-000000000000"

func (d identityStore) PasswordHash(ctx context.Context, id tenancy.UserID) (string, error) {
	if id == "" {
		id = noUser
	}
	var hash string
	err := d.read(ctx, &hash, "SELECT hash FROM password_hashes WHERE user_id = ?", string(id))
	return hash, err
}

func (d identityStore) SetPasswordHash(ctx context.Context, id tenancy.UserID, hash string, at time.Time) error {
	return d.writeOne(ctx, `
		INSERT INTO password_hashes (user_id, hash, updated_at) VALUES (?, ?, ?)
		ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, updated_at = excluded.updated_at`, string(id), hash, at)
}

type sessionRow struct {
	User      userRow `gorm:"embedded"`
	Digest    []byte
	CreatedAt time.Time
	SeenAt    time.Time
}

// CreateSession does not put the digest first: the mapper would take bytes right
// after a parenthesis for a list.
func (d identityStore) CreateSession(ctx context.Context, s identity.SessionRecord) error {
	return d.writeOne(ctx, "INSERT INTO sessions (user_id, digest, created_at, seen_at) VALUES (?, ?, ?, ?)",
		string(s.UserID), s.Digest, s.CreatedAt, s.SeenAt)
}

func (d identityStore) SessionByDigest(ctx context.Context, digest []byte) (identity.SessionRecord, tenancy.User, error) {
	var row sessionRow
	err := d.readOne(ctx, &row, "SELECT s.digest, s.created_at, s.seen_at, "+userColumns+
		" FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.digest = ?", digest)
	user := row.User.user()
	return identity.SessionRecord{
		Digest: row.Digest, UserID: user.ID, CreatedAt: row.CreatedAt.UTC(), SeenAt: row.SeenAt.UTC(),
	}, user, err
}

func (d identityStore) TouchSession(ctx context.Context, digest []byte, at time.Time) error {
	_, err := d.write(ctx, "UPDATE sessions SET seen_at = ? WHERE digest = ? AND seen_at < ?", at, digest, at)
	return err
}

func (d identityStore) DeleteSession(ctx context.Context, digest []byte) (bool, error) {
	n, err := d.write(ctx, "DELETE FROM sessions WHERE digest = ?", digest)
	return n > 0, err
}

func (d identityStore) DeleteSessionsOf(ctx context.Context, id tenancy.UserID) error {
	_, err := d.write(ctx, "DELETE FROM sessions WHERE user_id = ?", string(id))
	return err
}

// DeleteDeadSessions passes over rows that another transaction holds, so that two
// sign-ins never wait for each other here.
func (d identityStore) DeleteDeadSessions(ctx context.Context, seenBefore, createdBefore time.Time) error {
	_, err := d.write(ctx, `
		DELETE FROM sessions WHERE digest IN (
			SELECT digest FROM sessions WHERE seen_at < ? OR created_at < ? FOR UPDATE SKIP LOCKED)`, seenBefore, createdBefore)
	return err
}

type tokenRow struct {
	User       userRow `gorm:"embedded"`
	ID         string
	Name       string
	Lookup     string
	Digest     []byte
	CreatedAt  time.Time
	ExpiresAt  time.Time
	LastUsedAt *time.Time
	RevokedAt  *time.Time
}

func (r tokenRow) token() identity.Token {
	return identity.Token{
		ID: r.ID, Name: r.Name, Lookup: r.Lookup, CreatedAt: r.CreatedAt.UTC(), ExpiresAt: r.ExpiresAt.UTC(),
		LastUsedAt: utc(r.LastUsedAt),
	}
}

func (d identityStore) CreateToken(ctx context.Context, t identity.TokenRecord) (string, error) {
	id := NewID()
	return id, d.writeOne(ctx, `
		INSERT INTO api_tokens (id, user_id, name, lookup, digest, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		id, string(t.UserID), t.Name, t.Lookup, t.Digest, t.CreatedAt, t.ExpiresAt)
}

func (d identityStore) TokenByLookup(ctx context.Context, lookup string) (identity.TokenRecord, tenancy.User, error) {
	var row tokenRow
	err := d.readOne(ctx, &row, "SELECT t.*, "+userColumns+
		" FROM api_tokens t JOIN users u ON u.id = t.user_id WHERE t.lookup = ?", lookup)
	user := row.User.user()
	return identity.TokenRecord{Token: row.token(), UserID: user.ID, Digest: row.Digest, RevokedAt: utc(row.RevokedAt)}, user, err
}

func (d identityStore) TouchToken(ctx context.Context, id string, at time.Time) error {
	_, err := d.write(ctx, "UPDATE api_tokens SET last_used_at = ? WHERE id = ?", at, id)
	return err
}

// newest is a position in a listing by created_at, newest first.
type newest struct {
	At time.Time `json:"a"`
	ID string    `json:"i"`
}

// endOfTime stands before the first row of a newest-first listing.
var endOfTime = newest{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), ID: noUser}

// newestPage checks limit and cursor of a newest-first listing.
func (d *DB) newestPage(kind string, limit int, cursor string) (int, newest, error) {
	from := endOfTime
	limit, err := pageLimit(limit)
	if err == nil && cursor != "" {
		err = d.DecodeCursor(kind, cursor, &from)
	}
	return limit, from, err
}

func (d identityStore) TokensOf(ctx context.Context, id tenancy.UserID, limit int, cursor string) ([]identity.Token, string, error) {
	kind := "tokens:" + string(id)
	limit, from, err := d.newestPage(kind, limit, cursor)
	if err != nil {
		return nil, "", err
	}
	var rows []tokenRow
	err = d.read(ctx, &rows, `
		SELECT * FROM api_tokens WHERE user_id = ? AND revoked_at IS NULL AND (created_at, id) < (?, ?)
		ORDER BY created_at DESC, id DESC LIMIT ?`, string(id), from.At, from.ID, limit+1)
	items, next := cutPage(rows, limit, tokenRow.token, func(r tokenRow) string {
		return d.EncodeCursor(kind, newest{r.CreatedAt, r.ID})
	})
	return items, next, err
}

func (d identityStore) RevokeToken(ctx context.Context, id tenancy.UserID, token string, at time.Time) error {
	if !isID(token) {
		return fault.Missing()
	}
	return d.writeOne(ctx, "UPDATE api_tokens SET revoked_at = ? WHERE id = ? AND user_id = ? AND revoked_at IS NULL",
		at, token, string(id))
}

func (d identityStore) OnlyCustomer(ctx context.Context, id tenancy.UserID) (bool, error) {
	var only bool
	err := d.read(ctx, &only, `
		SELECT coalesce(bool_and(role = 'customer'), false) FROM workspace_members WHERE user_id = ?`, string(id))
	return only, err
}

func (d identityStore) WorkspacesOf(ctx context.Context, id tenancy.UserID) ([]tenancy.Workspace, error) {
	var rows []workspaceRow
	err := d.read(ctx, &rows, `
		SELECT w.* FROM workspaces w JOIN workspace_members m ON m.workspace_id = w.id
		WHERE m.user_id = ? ORDER BY w.display_name, w.id`, string(id))
	items := make([]tenancy.Workspace, len(rows))
	for i, r := range rows {
		items[i] = r.workspace()
	}
	return items, err
}

func (d identityStore) TenantNames(ctx context.Context, s access.Scope) (map[tenancy.TenantID]string, error) {
	if err := reach(s); err != nil {
		return nil, err
	}
	condition, arg := seen(s, "id")
	var rows []tenantRow
	err := d.read(ctx, &rows, "SELECT id, display_name FROM tenants WHERE workspace_id = ? AND "+condition, string(s.Workspace()), arg)
	names := make(map[tenancy.TenantID]string, len(rows))
	for _, r := range rows {
		names[tenancy.TenantID(r.ID)] = r.DisplayName
	}
	return names, err
}

type notificationRow struct {
	ID          string
	UserID      string
	WorkspaceID string
	Kind        string
	OperationID *string
	Title       string
	Body        string
	CreatedAt   time.Time
	ReadAt      *time.Time
}

func (r notificationRow) notification() identity.Notification {
	return identity.Notification{
		ID: r.ID, UserID: tenancy.UserID(r.UserID), WorkspaceID: tenancy.WorkspaceID(r.WorkspaceID), Kind: r.Kind,
		OperationID: orEmpty(r.OperationID), Title: r.Title, Body: r.Body, CreatedAt: r.CreatedAt.UTC(), ReadAt: utc(r.ReadAt),
	}
}

func (d identityStore) Notifications(ctx context.Context, id tenancy.UserID, limit int, cursor string) ([]identity.Notification, string, error) {
	kind := "notifications:" + string(id)
	limit, from, err := d.newestPage(kind, limit, cursor)
	if err != nil {
		return nil, "", err
	}
	var rows []notificationRow
	err = d.read(ctx, &rows, `
		SELECT n.* FROM notifications n
		JOIN workspace_members m ON m.workspace_id = n.workspace_id AND m.user_id = n.user_id AND m.role <> 'customer'
		WHERE n.user_id = ? AND (n.created_at, n.id) < (?, ?)
		ORDER BY n.created_at DESC, n.id DESC LIMIT ?`, string(id), from.At, from.ID, limit+1)
	items, next := cutPage(rows, limit, notificationRow.notification, func(r notificationRow) string {
		return d.EncodeCursor(kind, newest{r.CreatedAt, r.ID})
	})
	return items, next, err
}

func (d identityStore) MarkRead(ctx context.Context, id tenancy.UserID, ids []string, at time.Time) (int, error) {
	query, args := "UPDATE notifications SET read_at = ? WHERE user_id = ? AND read_at IS NULL", []any{at, string(id)}
	if len(ids) > 0 {
		known := []string{}
		for _, n := range ids {
			if isID(n) {
				known = append(known, n)
			}
		}
		query, args = query+" AND id IN ?", append(args, known)
	}
	n, err := d.write(ctx, query, args...)
	return int(n), err
}
