package store_test

import (
	"context"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/audit"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/identity"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/store"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

const goodPassword = "correct horse battery"

// account makes an account with the good password and returns its email.
func (w *world) account(ctx context.Context) (string, tenancy.User) {
	GinkgoHelper()
	email := store.NewID() + "@example.test"
	u, err := w.identity.CreateUser(ctx, identity.NewUser{Email: email, Password: tenancy.NewSecret(goodPassword)})
	Expect(err).NotTo(HaveOccurred())
	return email, u
}

func (w *world) signIn(ctx context.Context, email, password string) (identity.SignedIn, error) {
	return w.identity.SignIn(ctx, identity.Attempt{Email: email, Password: tenancy.NewSecret(password), Address: email})
}

var _ = Describe("Accounts", func() {
	It("are made once per email, however often and however written", func(ctx context.Context) {
		w := newWorld(ctx)
		email := store.NewID() + "@example.test"
		ids, wg := make([]tenancy.UserID, 8), sync.WaitGroup{}
		for i := range ids {
			wg.Go(func() {
				defer GinkgoRecover()
				u, err := w.identity.CreateUser(ctx, identity.NewUser{Email: strings.ToUpper(email)})
				Expect(err).NotTo(HaveOccurred())
				ids[i] = u.ID
			})
		}
		wg.Wait()
		for _, id := range ids {
			Expect(id).To(Equal(ids[0]))
		}
		Expect(ask[int64](ctx, `SELECT count(*) FROM audit_events WHERE action = 'user.created' AND target_id = $1`, ids[0])).To(Equal(int64(1)))
	})

	It("need a password worth the name, if any", func(ctx context.Context) {
		_, err := newWorld(ctx).identity.CreateUser(ctx, identity.NewUser{Email: "a@example.test", Password: tenancy.NewSecret("short")})
		Expect(err).To(haveCode(fault.CodeInvalidInput))
	})

	It("end their sessions when the password is set", func(ctx context.Context) {
		w := newWorld(ctx)
		email, _ := w.account(ctx)
		in, err := w.signIn(ctx, email, goodPassword)
		Expect(err).NotTo(HaveOccurred())
		_, err = w.identity.CreateUser(ctx, identity.NewUser{Email: email, Password: tenancy.NewSecret("another password")})
		Expect(err).NotTo(HaveOccurred())
		_, err = w.identity.Session(ctx, in.Secret.Reveal())
		Expect(err).To(haveCode(fault.CodeUnauthenticated))
		_, err = w.signIn(ctx, email, goodPassword)
		Expect(err).To(haveCode(fault.CodeUnauthenticated))
		_, err = w.signIn(ctx, email, "another password")
		Expect(err).NotTo(HaveOccurred())
	})
})

var _ = Describe("Sign-in", func() {
	It("opens a session that is stored as a digest and recorded", func(ctx context.Context) {
		w := newWorld(ctx)
		email, user := w.account(ctx)
		in, err := w.signIn(ctx, " "+strings.ToUpper(email), goodPassword)
		Expect(err).NotTo(HaveOccurred())
		Expect(in.User).To(Equal(user))
		Expect(in.Secret.Reveal()).To(HaveLen(43))
		actor, err := w.identity.Session(ctx, in.Secret.Reveal())
		Expect(err).NotTo(HaveOccurred())
		Expect(actor).To(Equal(access.Actor{UserID: user.ID, DisplayName: user.DisplayName, Via: access.ViaSession}))
		Expect(ask[int64](ctx, `SELECT count(*) FROM sessions s WHERE s::text LIKE '%' || $1 || '%'`, in.Secret.Reveal())).To(BeZero())
		Expect(ask[int64](ctx, `SELECT count(*) FROM audit_events WHERE action = 'session.signed_in' AND actor_id = $1`, user.ID)).To(Equal(int64(1)))
	})

	It("refuses a wrong password, an unknown account and one without a password alike", func(ctx context.Context) {
		w := newWorld(ctx)
		email, user := w.account(ctx)
		bare := store.NewID() + "@example.test"
		_, err := w.identity.CreateUser(ctx, identity.NewUser{Email: bare})
		Expect(err).NotTo(HaveOccurred())
		var answers []error
		for _, try := range [][2]string{{email, "wrong password"}, {store.NewID() + "@example.test", goodPassword}, {bare, goodPassword}, {bare, ""}, {"no address", goodPassword}, {email, strings.Repeat("x", 2000)}} {
			_, err := w.signIn(ctx, try[0], try[1])
			answers = append(answers, err)
		}
		for _, a := range answers {
			Expect(a).To(haveCode(fault.CodeUnauthenticated))
			Expect(a).To(Equal(answers[0]))
		}
		Expect(ask[int64](ctx, `SELECT count(*) FROM audit_events WHERE action = 'session.sign_in_failed' AND target_id = $1`, user.ID)).To(Equal(int64(2)))
	})

	It("is braked per account and per address, and free again after a minute", func(ctx context.Context) {
		w := newWorld(ctx)
		email, _ := w.account(ctx)
		for range 5 {
			_, err := w.signIn(ctx, email, "wrong password")
			Expect(err).To(haveCode(fault.CodeUnauthenticated))
		}
		_, err := w.signIn(ctx, email, goodPassword)
		Expect(err).To(haveCode("rate_limited"))
		Expect(fault.As(err).Cause).To(BeAssignableToTypeOf(&identity.Throttle{}))
		w.clock.advance(time.Minute)
		_, err = w.signIn(ctx, email, goodPassword)
		Expect(err).NotTo(HaveOccurred())
		for range 10 {
			_, err = w.identity.SignIn(ctx, identity.Attempt{Email: store.NewID() + "@example.test", Address: "192.0.2.1"})
			Expect(err).To(haveCode(fault.CodeUnauthenticated))
		}
		_, err = w.identity.SignIn(ctx, identity.Attempt{Email: email, Password: tenancy.NewSecret(goodPassword), Address: "192.0.2.1"})
		Expect(err).To(haveCode("rate_limited"))
	})
})

var _ = Describe("Sessions", func() {
	It("live as long as they are used, but twelve hours at most", func(ctx context.Context) {
		w := newWorld(ctx)
		email, _ := w.account(ctx)
		in, err := w.signIn(ctx, email, goodPassword)
		Expect(err).NotTo(HaveOccurred())
		for used := time.Duration(0); used < 12*time.Hour-29*time.Minute; used += 29 * time.Minute {
			_, err = w.identity.Session(ctx, in.Secret.Reveal())
			Expect(err).NotTo(HaveOccurred(), used.String())
			w.clock.advance(29 * time.Minute)
		}
		w.clock.advance(29 * time.Minute)
		_, err = w.identity.Session(ctx, in.Secret.Reveal())
		Expect(err).To(haveCode(fault.CodeUnauthenticated))
	})

	It("end after thirty minutes without use, and at sign-out", func(ctx context.Context) {
		w := newWorld(ctx)
		email, _ := w.account(ctx)
		idle, err := w.signIn(ctx, email, goodPassword)
		Expect(err).NotTo(HaveOccurred())
		w.clock.advance(30 * time.Minute)
		_, err = w.identity.Session(ctx, idle.Secret.Reveal())
		Expect(err).To(haveCode(fault.CodeUnauthenticated))

		in, err := w.signIn(ctx, email, goodPassword)
		Expect(err).NotTo(HaveOccurred())
		Expect(in.Secret.Reveal()).NotTo(Equal(idle.Secret.Reveal()))
		Expect(w.identity.SignOut(ctx, in.Secret.Reveal())).To(Succeed())
		Expect(w.identity.SignOut(ctx, in.Secret.Reveal())).To(Succeed())
		_, err = w.identity.Session(ctx, in.Secret.Reveal())
		Expect(err).To(haveCode(fault.CodeUnauthenticated))
		_, err = w.identity.Session(ctx, "")
		Expect(err).To(haveCode(fault.CodeUnauthenticated))
	})
})

var _ = Describe("API tokens", func() {
	It("act for their owner until they expire or are revoked, and show when they were used", func(ctx context.Context) {
		w := newWorld(ctx)
		kim := w.person(ctx)
		issued, err := w.identity.CreateToken(ctx, kim, identity.NewToken{Name: "ci"})
		Expect(err).NotTo(HaveOccurred())
		secret := issued.Secret.Reveal()
		actor, err := w.identity.Token(ctx, secret)
		Expect(err).NotTo(HaveOccurred())
		Expect(actor).To(Equal(access.Actor{UserID: kim.UserID, DisplayName: "Kim", Via: access.ViaToken, TokenID: issued.Token.ID}))
		w.clock.advance(59 * time.Second)
		_, err = w.identity.Token(ctx, secret)
		Expect(err).NotTo(HaveOccurred())
		tokens, _, err := w.identity.Tokens(ctx, kim, 0, "")
		Expect(err).NotTo(HaveOccurred())
		Expect(tokens).To(HaveLen(1))
		Expect(tokens[0].LastUsedAt).To(HaveValue(Equal(issued.Token.CreatedAt)))
		Expect(secret).To(ContainSubstring(tokens[0].Lookup))
		w.clock.advance(90*24*time.Hour - time.Minute)
		_, err = w.identity.Token(ctx, secret)
		Expect(err).NotTo(HaveOccurred())
		w.clock.advance(time.Second)
		_, err = w.identity.Token(ctx, secret)
		Expect(err).To(haveCode(fault.CodeUnauthenticated))
	})

	It("are revoked by their owner only, at once", func(ctx context.Context) {
		w := newWorld(ctx)
		kim, lee := w.person(ctx), w.person(ctx)
		issued, err := w.identity.CreateToken(ctx, kim, identity.NewToken{Name: "ci"})
		Expect(err).NotTo(HaveOccurred())
		for _, id := range []string{issued.Token.ID, store.NewID(), "x", ""} {
			Expect(w.identity.RevokeToken(ctx, lee, id)).To(haveCode(fault.CodeNotFound))
		}
		Expect(w.identity.RevokeToken(ctx, kim, issued.Token.ID)).To(Succeed())
		_, err = w.identity.Token(ctx, issued.Secret.Reveal())
		Expect(err).To(haveCode(fault.CodeUnauthenticated))
		Expect(w.identity.RevokeToken(ctx, kim, issued.Token.ID)).To(haveCode(fault.CodeNotFound))
		tokens, _, err := w.identity.Tokens(ctx, kim, 0, "")
		Expect(err).NotTo(HaveOccurred())
		Expect(tokens).To(BeEmpty())
	})

	It("are of no use under another pepper, and their text is not in the database", func(ctx context.Context) {
		w := newWorld(ctx)
		issued, err := w.identity.CreateToken(ctx, w.person(ctx), identity.NewToken{Name: "ci"})
		Expect(err).NotTo(HaveOccurred())
		secret := issued.Secret.Reveal()
		Expect(ask[int64](ctx, `SELECT count(*) FROM api_tokens t WHERE t::text LIKE '%' || $1 || '%'`, secret[16:])).To(BeZero())
		other, err := identity.New(identity.Parts{
			Store: w.db.Identity(), Audit: w.db, Gate: w.gate, Now: w.clock.now, Pepper: []byte(strings.Repeat("p", 32)),
		})
		Expect(err).NotTo(HaveOccurred())
		_, err = other.Token(ctx, secret)
		Expect(err).To(haveCode(fault.CodeUnauthenticated))
	})

	It("come from the command line for an account that exists", func(ctx context.Context) {
		w := newWorld(ctx)
		email, user := w.account(ctx)
		issued, err := w.identity.CreateTokenFor(ctx, email, identity.NewToken{Name: "cli"})
		Expect(err).NotTo(HaveOccurred())
		actor, err := w.identity.Token(ctx, issued.Secret.Reveal())
		Expect(err).NotTo(HaveOccurred())
		Expect(actor.UserID).To(Equal(user.ID))
		_, err = w.identity.CreateTokenFor(ctx, store.NewID()+"@example.test", identity.NewToken{Name: "cli"})
		Expect(err).To(haveCode(fault.CodeNotFound))
		Expect(ask[string](ctx, `SELECT actor_via FROM audit_events WHERE action = 'token.created' AND target_id = $1`, issued.Token.ID)).To(Equal("system"))
	})
})

var _ = Describe("Who I am", func() {
	It("names every workspace with what I may do there and in its tenants", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		operator, _ := t.member(ctx, tenancy.Operator)
		t.entitle(ctx, operator, t.b.ID, tenancy.TenantReader)
		me, err := t.identity.Me(ctx, operator)
		Expect(err).NotTo(HaveOccurred())
		Expect(me.User.ID).To(Equal(operator.UserID))
		Expect(me.Memberships).To(HaveLen(1))
		m := me.Memberships[0]
		Expect(m.Workspace.ID).To(Equal(t.ws))
		Expect(m.Role).To(Equal(tenancy.Operator))
		Expect(m.Capabilities).To(ConsistOf(access.WorkspaceView, access.WorkspaceOperationsView, access.WorkspaceBaselinesView, access.WorkspaceBaselinesManage))
		Expect(m.Tenants).To(HaveLen(1))
		Expect(m.Tenants[0].TenantID).To(Equal(t.b.ID))
		Expect(m.Tenants[0].DisplayName).To(Equal("Beta"))
		Expect(m.Tenants[0].Role).To(Equal(tenancy.TenantReader))
		Expect(m.Tenants[0].Capabilities).To(ContainElement(access.TenantView))
		Expect(m.Tenants[0].Capabilities).NotTo(ContainElement(access.TenantSync))

		me, err = t.identity.Me(ctx, t.owner)
		Expect(err).NotTo(HaveOccurred())
		Expect(me.Memberships[0].Tenants).To(HaveLen(2))
		Expect(me.Memberships[0].Tenants[0].Role).To(Equal(tenancy.TenantManager))
	})

	It("knows who is a customer only", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		customer, _ := t.member(ctx, tenancy.Customer)
		Expect(t.identity.OnlyCustomer(ctx, customer)).To(BeTrue())
		Expect(t.identity.OnlyCustomer(ctx, t.owner)).To(BeFalse())
		Expect(t.identity.OnlyCustomer(ctx, t.person(ctx))).To(BeFalse())
		me, err := t.identity.Me(ctx, customer)
		Expect(err).NotTo(HaveOccurred())
		Expect(me.CustomerOnly()).To(BeTrue())
	})
})

var _ = Describe("Notifications", func() {
	notify := func(ctx context.Context, t *team, to access.Actor, title string) {
		GinkgoHelper()
		Expect(t.db.AddNotice(ctx, operation.Notice{
			ID: store.NewID(), UserID: to.UserID, WorkspaceID: t.ws, RunID: operation.RunID(store.NewID()), Kind: "operation.completed",
			Title: title, CreatedAt: t.clock.now(),
		})).To(Succeed())
		t.clock.advance(time.Second)
	}

	It("are one's own, newest first, and are read by their owner only", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		lee, _ := t.member(ctx, tenancy.Readonly)
		for _, title := range []string{"one", "two", "three"} {
			notify(ctx, t, t.owner, title)
		}
		first, next, err := t.identity.Notifications(ctx, t.owner, 2, "")
		Expect(err).NotTo(HaveOccurred())
		rest, end, err := t.identity.Notifications(ctx, t.owner, 2, next)
		Expect(err).NotTo(HaveOccurred())
		Expect(end).To(BeEmpty())
		titles := []string{}
		for _, n := range append(first, rest...) {
			titles = append(titles, n.Title)
		}
		Expect(titles).To(Equal([]string{"three", "two", "one"}))
		Expect(t.identity.MarkRead(ctx, lee, []string{first[0].ID})).To(BeZero())
		Expect(t.identity.MarkRead(ctx, t.owner, []string{first[0].ID, "x", store.NewID()})).To(Equal(1))
		Expect(t.identity.MarkRead(ctx, t.owner, nil)).To(Equal(2))
		Expect(t.identity.MarkRead(ctx, t.owner, nil)).To(BeZero())
		items, _, err := t.identity.Notifications(ctx, lee, 0, "")
		Expect(err).NotTo(HaveOccurred())
		Expect(items).To(BeEmpty())
		_, _, err = t.identity.Notifications(ctx, lee, 2, next)
		Expect(err).To(haveCode(fault.CodeInvalidInput))
	})

	It("of a workspace end with the membership", func(ctx context.Context) {
		t := newWorld(ctx).team(ctx)
		lee, m := t.member(ctx, tenancy.Operator)
		notify(ctx, t, lee, "one")
		Expect(t.registry.RemoveMember(ctx, t.scope(ctx, t.owner), lee.UserID, &m.Revision)).To(Succeed())
		items, _, err := t.identity.Notifications(ctx, lee, 0, "")
		Expect(err).NotTo(HaveOccurred())
		Expect(items).To(BeEmpty())
	})
})

var _ = Describe("A sign-in that cannot be recorded", func() {
	It("does not happen", func(ctx context.Context) {
		w := newWorld(ctx)
		email, user := w.account(ctx)
		broken, err := identity.New(identity.Parts{Store: w.db.Identity(), Audit: refuser{}, Gate: w.gate, Now: w.clock.now, Pepper: make([]byte, 32)})
		Expect(err).NotTo(HaveOccurred())
		_, err = broken.SignIn(ctx, identity.Attempt{Email: email, Password: tenancy.NewSecret(goodPassword)})
		Expect(err).To(MatchError(ContainSubstring("record " + string(audit.SignedIn))))
		Expect(ask[int64](ctx, `SELECT count(*) FROM sessions WHERE user_id = $1`, user.ID)).To(BeZero())
	})
})
