package stack

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/api"
	"github.com/tenantatlas/tenantatlas/pkg/identity"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
	"github.com/tenantatlas/tenantatlas/test/exchange"
)

// Workspace is where the people of Stack.Client belong.
const Workspace = "Stack"

// Password is every account's.
const Password = "a password for specs"

// Client calls the API as one person, with a token. It keeps no state, so a
// spec may use it from several goroutines.
type Client struct {
	UserID tenancy.UserID
	Email  string
	stack  *Stack
	api    *Process
	header http.Header
	ctx    context.Context //nolint:containedctx // the spec's, which every call belongs to
}

// Client is somebody with the role in the workspace of the stack; the same
// person every time.
func (s *Stack) Client(ctx context.Context, role tenancy.WorkspaceRole) *Client {
	GinkgoHelper()
	return s.Join(ctx, Workspace, string(role)+"@stack.example", role)
}

// Join makes somebody a member of a workspace, which is made when missing, and
// returns a client that acts as that person; the same one for an email address
// that has joined before.
func (s *Stack) Join(ctx context.Context, workspace, email string, role tenancy.WorkspaceRole) *Client {
	GinkgoHelper()
	user, err := s.Rooms.CreateUser(ctx, email, workspace, role, tenancy.Secret{})
	Expect(err).NotTo(HaveOccurred())
	s.lock.Lock()
	defer s.lock.Unlock()
	if c := s.clients[email]; c != nil {
		return c
	}
	secret, err := s.Rooms.CreateToken(ctx, email, "spec")
	Expect(err).NotTo(HaveOccurred())
	c := s.Anonymous().With("Authorization", "Bearer "+secret.Reveal())
	c.UserID, c.Email = user.ID, email
	s.clients[email] = c
	return c
}

// Anonymous is a client that nobody knows.
func (s *Stack) Anonymous() *Client {
	return &Client{stack: s, api: s.APIs[0], header: http.Header{}, ctx: s.life}
}

// SetPassword lets the client's account sign in with Password.
func (s *Stack) SetPassword(ctx context.Context, c *Client) {
	GinkgoHelper()
	_, err := s.Rooms.Identity.CreateUser(ctx, identity.NewUser{Email: c.Email, Password: tenancy.NewSecret(Password)})
	Expect(err).NotTo(HaveOccurred())
}

// With is the client with one header set.
func (c *Client) With(name, value string) *Client {
	other := *c
	other.header = c.header.Clone()
	other.header.Set(name, value)
	return &other
}

// At is the client talking to another API process.
func (c *Client) At(p *Process) *Client {
	other := *c
	other.api = p
	return &other
}

// IfMatch is the client stating the revision it has seen.
func (c *Client) IfMatch(a Answer) *Client { return c.With("If-Match", a.Header.Get("ETag")) }

// Answer is what the API answered.
type Answer struct {
	Status int
	Header http.Header
	Raw    []byte
	JSON   map[string]any // nil when the body is no JSON object
}

// Code is the problem's code, or "".
func (a Answer) Code() string { return a.Text("code") }

// Text is a property as text, "" when it is none.
func (a Answer) Text(name string) string {
	v, _ := a.JSON[name].(string)
	return v
}

// Into decodes the body.
func (a Answer) Into(v any) {
	GinkgoHelper()
	Expect(json.Unmarshal(a.Raw, v)).To(Succeed(), "%s", a.Raw)
}

// Expect fails the spec unless the status is the one wanted; it returns a.
func (a Answer) Expect(status int) Answer {
	GinkgoHelper()
	Expect(a.Status).To(Equal(status), "%s", a.Raw)
	return a
}

// Get reads an address below the API's base path.
func (c *Client) Get(address string) Answer { GinkgoHelper(); return c.Do("GET", address, nil) }

// Post sends body as Do does.
func (c *Client) Post(address string, body any) Answer {
	GinkgoHelper()
	return c.Do("POST", address, body)
}

// Put sends body as Do does.
func (c *Client) Put(address string, body any) Answer {
	GinkgoHelper()
	return c.Do("PUT", address, body)
}

// Patch sends body as Do does.
func (c *Client) Patch(address string, body any) Answer {
	GinkgoHelper()
	return c.Do("PATCH", address, body)
}

// Delete deletes what stands at an address.
func (c *Client) Delete(address string) Answer { GinkgoHelper(); return c.Do("DELETE", address, nil) }

// Do calls an address below the API's base path. A string is sent as it is, nil
// as no body, anything else as JSON.
func (c *Client) Do(method, address string, body any) Answer {
	GinkgoHelper()
	a, err := c.Try(method, address, body)
	Expect(err).NotTo(HaveOccurred())
	return a
}

// Try is Do for a server that may be away: the error is the connection's.
func (c *Client) Try(method, address string, body any) (Answer, error) {
	GinkgoHelper()
	r := c.request(method, address, body)
	resp, err := httpClient.Do(r)
	if err != nil {
		return Answer{}, err
	}
	defer func() { _ = resp.Body.Close() }() // it has been read
	a := Answer{Status: resp.StatusCode, Header: resp.Header}
	if a.Raw, err = io.ReadAll(resp.Body); err != nil {
		return a, err
	}
	exchange.Check(r, resp.StatusCode, resp.Header, a.Raw)
	if strings.HasPrefix(string(bytes.TrimSpace(a.Raw)), "{") {
		_ = json.Unmarshal(a.Raw, &a.JSON) // lines of JSON are no object
	}
	return a, nil
}

// httpClient keeps connections per server and has no time limit of its own: the
// spec's context has one.
var httpClient = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: 10 * time.Second}}

func (c *Client) request(method, address string, body any) *http.Request {
	GinkgoHelper()
	r, err := http.NewRequestWithContext(c.ctx, method, "http://"+c.api.Address()+api.BasePath+address, exchange.Body(body))
	Expect(err).NotTo(HaveOccurred())
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, values := range c.header {
		r.Header[name] = values
	}
	return r
}
