package graphsim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// token is what an access token says. Tokens are signed with a fixed key, so
// that they outlive a restart of the simulator.
type token struct {
	Tenant   string   `json:"tid"`
	App      string   `json:"appid"`
	Roles    []string `json:"roles"`
	Audience string   `json:"aud"`
	Issuer   string   `json:"iss"`
	Subject  string   `json:"sub"`
	Issued   int64    `json:"iat"`
	Valid    int64    `json:"nbf"`
	Expires  int64    `json:"exp"`
	Version  string   `json:"ver"`
	IDType   string   `json:"idtyp"`
}

const (
	tokenLife    = 3599
	simulatedKey = "graphsim: signs simulated tokens only"
)

func encodePart(v any) (string, error) {
	data, err := json.Marshal(v)
	return base64.RawURLEncoding.EncodeToString(data), err
}

func sign(text string) string {
	mac := hmac.New(sha256.New, []byte(simulatedKey))
	mac.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func (t token) encode() (string, error) {
	head, err := encodePart(map[string]string{"alg": "HS256", "typ": "JWT", "kid": "simulated"})
	if err != nil {
		return "", err
	}
	claims, err := encodePart(t)
	if err != nil {
		return "", err
	}
	return head + "." + claims + "." + sign(head+"."+claims), nil
}

func unauthorized(message string) *failure {
	return refuse(http.StatusUnauthorized, "InvalidAuthenticationToken", message)
}

// authenticate reads the bearer token of a Graph request.
func (s *Server) authenticate(r *http.Request) (token, *failure) {
	scheme, raw, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || strings.TrimSpace(raw) == "" {
		return token{}, unauthorized("Access token is empty.")
	}
	parts := strings.Split(strings.TrimSpace(raw), ".")
	if len(parts) != 3 || !hmac.Equal([]byte(sign(parts[0]+"."+parts[1])), []byte(parts[2])) {
		return token{}, unauthorized("CompactToken parsing failed with error code: 80049217")
	}
	data, err := base64.RawURLEncoding.DecodeString(parts[1])
	var t token
	if err == nil {
		err = json.Unmarshal(data, &t)
	}
	if err != nil || s.tenant(t.Tenant) == nil {
		return token{}, unauthorized("CompactToken parsing failed with error code: 80049217")
	}
	now := s.clock().Unix()
	if now >= t.Expires || now < t.Valid {
		return t, unauthorized("Lifetime validation failed, the token is expired.")
	}
	return t, nil
}

func (s *Server) issue(t *tenant, client, audience, origin string, roles []string) (string, error) {
	now := s.clock().Unix()
	return token{
		Tenant: t.directory, App: client, Roles: roles, Audience: audience, Issuer: origin + "/" + t.directory + "/v2.0",
		Subject: derivedGUID("sp", t.directory, client), Issued: now, Valid: now - 300, Expires: now + tokenLife, Version: "1.0", IDType: "app",
	}.encode()
}

// readsAsJWT tells whether a client assertion has the shape of a JWT and is
// not expired.
func readsAsJWT(raw string, now time.Time) bool {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 || parts[2] == "" {
		return false
	}
	var claims struct {
		Expires json.Number `json:"exp"`
	}
	for i, into := range []any{&map[string]any{}, &claims} {
		data, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[i], "="))
		if err != nil || json.Unmarshal(data, into) != nil {
			return false
		}
	}
	exp, err := claims.Expires.Float64()
	return err != nil || now.Unix() < int64(exp)+300
}
