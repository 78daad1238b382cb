package graph

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

const (
	// refreshAhead replaces a token before it can expire under a request.
	refreshAhead = 5 * time.Minute
	// maxTokens bounds the cache; idle entries go first.
	maxTokens = 1024
	// codeTenantMismatch is shown when a token speaks for another directory.
	codeTenantMismatch = "credential_tenant_mismatch"
)

// pass is a token that was checked to belong to its directory.
type pass struct {
	token string
	roles []string // sorted
	until time.Time
}

type tokenKey struct {
	directory tenancy.DirectoryID
	cloud     tenancy.Cloud
	client    string
	proof     [sha256.Size]byte // a changed credential never meets an old token
}

// tokens caches passes per directory, cloud, client and credential.
type tokens struct {
	cfg       Config
	transport http.RoundTripper
	mu        sync.Mutex
	entries   map[tokenKey]*tokenSource
}

func (t *tokens) source(target provider.Target, ep endpoint) *tokenSource {
	key := tokenKey{target.Directory, target.Cloud, target.ClientID, proofOf(target.Credential)}
	t.mu.Lock()
	defer t.mu.Unlock()
	if s, ok := t.entries[key]; ok {
		return s
	}
	t.evict()
	s := &tokenSource{target: target, endpoint: ep, cfg: t.cfg, gate: make(chan struct{}, 1)}
	s.http = newClient(fence{ep.login.Host, smallBodies{t.transport}})
	t.entries[key] = s
	return s
}

func (t *tokens) evict() {
	for key := range t.entries {
		if len(t.entries) < maxTokens {
			return
		}
		delete(t.entries, key)
	}
}

func proofOf(c provider.Credential) [sha256.Size]byte {
	return sha256.Sum256([]byte(strings.Join([]string{string(c.Kind), c.Secret, c.CertificatePEM, c.PrivateKeyPEM}, "\x00")))
}

// tokenSource gets tokens for one target, one request at a time.
type tokenSource struct {
	target   provider.Target
	endpoint endpoint
	cfg      Config
	http     *http.Client
	gate     chan struct{} // a lock that gives up with the context
	cred     azcore.TokenCredential
	pass     pass
}

// get returns a valid pass. A non-empty refused names a token that Graph did
// not accept: it is replaced even when it looks valid.
func (s *tokenSource) get(ctx context.Context, refused string) (pass, error) {
	select {
	case s.gate <- struct{}{}:
		defer func() { <-s.gate }()
	case <-ctx.Done():
		return pass{}, fmt.Errorf("wait for token: %w", ctx.Err())
	}
	fresh := s.pass.token != "" && s.cfg.Clock.Now().Add(refreshAhead).Before(s.pass.until)
	if fresh && s.pass.token != refused {
		return s.pass, nil
	}
	if s.cred == nil || refused != "" { // a new credential has an empty cache
		cred, err := newCredential(s.target, s.endpoint, s.http)
		if err != nil {
			return pass{}, err
		}
		s.cred = cred
	}
	p, err := s.acquire(ctx)
	if err != nil {
		return pass{}, err
	}
	s.pass = p
	return p, nil
}

func (s *tokenSource) acquire(ctx context.Context) (pass, error) {
	limited, cancel := context.WithTimeout(ctx, s.cfg.Timeouts.Token)
	defer cancel()
	scope := s.endpoint.graph.String() + "/.default"
	t, err := s.cred.GetToken(limited, policy.TokenRequestOptions{Scopes: []string{scope}})
	if err != nil {
		if ctx.Err() != nil {
			return pass{}, fmt.Errorf("get token: %w", ctx.Err())
		}
		return pass{}, tokenFault(err, s.cfg.Clock.Now())
	}
	claims, err := readClaims(t.Token)
	if err != nil {
		return pass{}, err
	}
	if !strings.EqualFold(claims.TID, string(s.target.Directory)) {
		return pass{}, &provider.Error{
			Class: provider.NoToken, Code: codeTenantMismatch,
			Message: "The token belongs to another directory than this tenant.",
		}
	}
	slices.Sort(claims.Roles)
	return pass{token: t.Token, roles: slices.Compact(claims.Roles), until: t.ExpiresOn}, nil
}

type tokenClaims struct {
	TID   string   `json:"tid"`
	Roles []string `json:"roles"`
}

// readClaims looks into a token without verifying it: Graph verifies, we only
// make sure that it was issued for the directory we mean.
func readClaims(token string) (tokenClaims, error) {
	bad := &provider.Error{Class: provider.NoToken, Code: "token_unreadable", Message: "The login service gave a token that cannot be read."}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return tokenClaims{}, bad
	}
	data, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return tokenClaims{}, bad
	}
	var c tokenClaims
	if json.Unmarshal(data, &c) != nil {
		return tokenClaims{}, bad
	}
	return c, nil
}

func newCredential(t provider.Target, ep endpoint, client *http.Client) (azcore.TokenCredential, error) {
	options := azcore.ClientOptions{
		Transport: client,
		Retry:     policy.RetryOptions{MaxRetries: -1}, // retried by us, on our clock
		Telemetry: policy.TelemetryOptions{Disabled: true},
	}
	options.Cloud.ActiveDirectoryAuthorityHost = ep.login.String()
	switch t.Credential.Kind {
	case tenancy.ClientSecret:
		c, err := azidentity.NewClientSecretCredential(string(t.Directory), t.ClientID, t.Credential.Secret,
			&azidentity.ClientSecretCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
		if err != nil {
			return nil, unusable("The client secret cannot be used.")
		}
		return c, nil
	case tenancy.ClientCertificate:
		certs, key, err := azidentity.ParseCertificates([]byte(t.Credential.CertificatePEM+"\n"+t.Credential.PrivateKeyPEM), nil)
		if err != nil {
			return nil, unusable("The certificate or its private key cannot be read.")
		}
		c, err := azidentity.NewClientCertificateCredential(string(t.Directory), t.ClientID, certs, key,
			&azidentity.ClientCertificateCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
		if err != nil {
			return nil, unusable("The certificate cannot be used.")
		}
		return c, nil
	}
	return nil, unusable("The kind of credential is unknown.")
}

func unusable(message string) *provider.Error {
	return &provider.Error{Class: provider.NoToken, Code: "credential_unusable", Message: message}
}

var loginCode = regexp.MustCompile(`AADSTS\d{4,8}`)

// loginSentences are the refusals of the login service worth a sentence.
var loginSentences = map[string]string{
	"AADSTS65001":   "Nobody has consented to the application in this directory.",
	"AADSTS650051":  "The application is not present in this directory yet.",
	"AADSTS700016":  "The application is not present in this directory.",
	"AADSTS90002":   "The login service does not know this directory.",
	"AADSTS900023":  "The login service does not know this directory.",
	"AADSTS5000224": "The login service does not know this directory.",
	"AADSTS7000215": "The client secret is wrong.",
	"AADSTS7000222": "The client secret has expired.",
	"AADSTS700027":  "The certificate does not belong to the application.",
	"AADSTS53003":   "Conditional Access of the directory blocks the application.",
}

// tokenFault sorts failures of the login service. Its texts are not passed on:
// they name accounts, addresses and correlation ids.
func tokenFault(err error, now time.Time) *provider.Error {
	e := &provider.Error{Class: provider.NoToken, Message: "The login service gave no token.", Code: loginCode.FindString(err.Error())}
	if sentence, ok := loginSentences[e.Code]; ok {
		e.Message = sentence
	}
	var failed *azidentity.AuthenticationFailedError
	if !errors.As(err, &failed) || failed.RawResponse == nil {
		if e.Code == "" {
			e.Class, e.Message = provider.Unavailable, "The login service cannot be reached."
		}
		return e
	}
	e.Status = failed.RawResponse.StatusCode
	switch {
	case e.Status == http.StatusTooManyRequests:
		e.Class, e.Message = provider.Throttled, "The login service asks to slow down."
		e.RetryAfter = retryAfter(failed.RawResponse.Header.Get("Retry-After"), now)
	case e.Status >= 500:
		e.Class, e.Message = provider.Unavailable, "The login service is not available at the moment."
	}
	return e
}
