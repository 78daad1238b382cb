package api

import (
	"context"
	"net/http"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/identity"
)

// NotificationView tells a person what became of something they started.
type NotificationView struct {
	ID          string     `json:"id" format:"uuid" doc:"Id of the notification." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e26"`
	WorkspaceID string     `json:"workspace_id" format:"uuid" doc:"The workspace it is about." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e20"`
	Kind        string     `json:"kind" doc:"What kind of news it is." example:"operation.completed"`
	OperationID *string    `json:"operation_id" format:"uuid" doc:"The operation it is about, or null." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21"`
	Title       string     `json:"title" doc:"The news in a few words." example:"Promotion finished"`
	Body        string     `json:"body" doc:"A sentence more; may be empty." example:"12 policies were promoted."`
	CreatedAt   time.Time  `json:"created_at" doc:"When it happened." example:"2026-11-24T09:00:00Z"`
	ReadAt      *time.Time `json:"read_at" doc:"When it was read; null when unread." example:"2026-11-24T09:05:00Z"`
}

// ReadNotificationsRequest names what has been read.
type ReadNotificationsRequest struct {
	IDs []string `json:"ids,omitempty" maxItems:"200" format:"uuid" doc:"The notifications; all of the caller's when left out." example:"[\"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e26\"]"`
}

// NotificationsReadView says how many were marked.
type NotificationsReadView struct {
	Marked int `json:"marked" doc:"How many were unread before." example:"3"`
}

type readNotificationsInput struct {
	Body *ReadNotificationsRequest
}

type readNotificationsOutput struct{ Body NotificationsReadView }

func registerNotifications(a *API) {
	Register(a, Operation{
		Method: http.MethodGet, Path: "/me/notifications", ID: "list-my-notifications", Tag: TagMe,
		Summary:     "List my notifications",
		Description: "What became of what the caller started, newest first.",
		Authz:       Authz{Reach: ReachSelf, ReadOnly: true},
	}, a.listNotifications)
	Register(a, Operation{
		Method: http.MethodPost, Path: "/me/notifications/read", ID: "read-my-notifications", Tag: TagMe,
		Summary:     "Mark notifications as read",
		Description: "Marks the named notifications of the caller as read, or all of them. Ids that are not the caller's are passed over.",
		Authz:       Authz{Reach: ReachSelf, Unrecorded: "a person's own reading marks"},
	}, a.readNotifications)
}

func (a *API) listNotifications(ctx context.Context, in *Page) (*Paged[NotificationView], error) {
	items, next, err := a.deps.Identity.Notifications(ctx, Actor(ctx), in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	return PageOf(items, next, viewNotification), nil
}

func (a *API) readNotifications(ctx context.Context, in *readNotificationsInput) (*readNotificationsOutput, error) {
	var ids []string
	if in.Body != nil {
		ids = in.Body.IDs
	}
	n, err := a.deps.Identity.MarkRead(ctx, Actor(ctx), ids)
	if err != nil {
		return nil, err
	}
	return &readNotificationsOutput{NotificationsReadView{n}}, nil
}

func viewNotification(n identity.Notification) NotificationView {
	return NotificationView{
		ID: n.ID, WorkspaceID: string(n.WorkspaceID), Kind: n.Kind, OperationID: OrNil(n.OperationID),
		Title: n.Title, Body: n.Body, CreatedAt: UTC(n.CreatedAt), ReadAt: UTCOrNil(n.ReadAt),
	}
}
