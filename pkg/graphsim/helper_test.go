package graphsim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
)

const (
	dirA = "aaaaaaaa-0000-4000-8000-00000000000a"
	dirB = "bbbbbbbb-0000-4000-8000-00000000000b"
	app  = "cccccccc-0000-4000-8000-00000000000c"
)

type object = map[string]any

// hand is a clock that only moves when told.
type hand struct {
	mu  sync.Mutex
	now time.Time
}

func newHand() *hand { return &hand{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (h *hand) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *hand) Forward(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

// rig is a running simulator and a client of it.
type rig struct {
	sim    *graphsim.Server
	web    *httptest.Server
	clock  *hand
	tokens map[string]string
}

// start runs a simulator without throttling unless the config says otherwise.
func start(cfg graphsim.Config) *rig {
	GinkgoHelper()
	r := &rig{clock: newHand(), tokens: map[string]string{}}
	cfg.Clock = r.clock.Now
	sim, err := graphsim.New(cfg)
	Expect(err).NotTo(HaveOccurred())
	r.sim = sim
	r.web = httptest.NewServer(sim.Handler())
	DeferCleanup(func() {
		Expect(sim.Close()).To(Succeed())
		r.web.Close()
	})
	return r
}

func quiet(tenants ...graphsim.Tenant) graphsim.Config {
	return graphsim.Config{Tenants: tenants, Limits: graphsim.Limits{Off: true}}
}

func fixtures(directory string) graphsim.Tenant {
	return graphsim.Tenant{Directory: directory, Folder: "testdata/contoso"}
}

// answer is a response with its decoded body.
type answer struct {
	status int
	header http.Header
	body   object
	raw    []byte
}

func (a answer) values() []object {
	GinkgoHelper()
	list, isList := a.body["value"].([]any)
	Expect(isList).To(BeTrue(), "no list: %d %s", a.status, a.raw)
	out := make([]object, 0, len(list))
	for _, v := range list {
		out = append(out, v.(object))
	}
	return out
}

func (a answer) code() string {
	e, _ := a.body["error"].(object)
	code, _ := e["code"].(string)
	return code
}

func (r *rig) token(directory string) string {
	GinkgoHelper()
	if r.tokens[directory] == "" {
		r.tokens[directory] = r.tokenFor(directory, app)
	}
	return r.tokens[directory]
}

func (r *rig) tokenFor(directory, client string) string {
	GinkgoHelper()
	a := r.login(directory, url.Values{"grant_type": {"client_credentials"}, "client_id": {client}, "client_secret": {graphsim.Secret}, "scope": {"https://graph/.default"}})
	Expect(a.status).To(Equal(200), string(a.raw))
	return a.body["access_token"].(string)
}

func (r *rig) login(directory string, form url.Values) answer {
	GinkgoHelper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, r.web.URL+"/"+directory+"/oauth2/v2.0/token", strings.NewReader(form.Encode()))
	Expect(err).NotTo(HaveOccurred())
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return do(req)
}

// client gives up long after any fault a spec sets.
var client = &http.Client{Timeout: time.Minute}

func do(req *http.Request) answer {
	GinkgoHelper()
	res, err := client.Do(req)
	Expect(err).NotTo(HaveOccurred())
	return read(res)
}

func read(res *http.Response) answer {
	GinkgoHelper()
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	Expect(err).NotTo(HaveOccurred())
	a := answer{status: res.StatusCode, header: res.Header, raw: raw}
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) {
		Expect(json.Unmarshal(raw, &a.body)).To(Succeed())
	}
	return a
}

func (r *rig) request(directory, method, path string, body any) *http.Request {
	GinkgoHelper()
	var in io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		Expect(err).NotTo(HaveOccurred())
		in = bytes.NewReader(data)
	}
	target := strings.ReplaceAll(path, " ", "%20")
	if !strings.HasPrefix(path, "http") {
		target = r.web.URL + target
	}
	req, err := http.NewRequestWithContext(context.Background(), method, target, in)
	Expect(err).NotTo(HaveOccurred())
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+r.token(directory))
	return req
}

func (r *rig) call(directory, method, path string, body any) answer {
	GinkgoHelper()
	return do(r.request(directory, method, path, body))
}

func (r *rig) get(path string) answer {
	GinkgoHelper()
	return r.call(dirA, http.MethodGet, path, nil)
}

func (r *rig) post(path string, body any) answer {
	GinkgoHelper()
	return r.call(dirA, http.MethodPost, path, body)
}

func (r *rig) patch(path string, body any) answer {
	GinkgoHelper()
	return r.call(dirA, http.MethodPatch, path, body)
}

func (r *rig) put(path string, body any) answer {
	GinkgoHelper()
	return r.call(dirA, http.MethodPut, path, body)
}

func (r *rig) del(path string) answer {
	GinkgoHelper()
	return r.call(dirA, http.MethodDelete, path, nil)
}

// everything follows next links to the end.
func (r *rig) everything(directory, path string) []object {
	GinkgoHelper()
	var out []object
	for path != "" {
		a := r.call(directory, http.MethodGet, path, nil)
		Expect(a.status).To(Equal(200), string(a.raw))
		out = append(out, a.values()...)
		path, _ = a.body["@odata.nextLink"].(string)
	}
	return out
}

// The ids of the fixtures.
const (
	groupID    = "10000000-0000-4000-8000-000000000001"
	filterID   = "20000000-0000-4000-8000-000000000001"
	catalogID  = "30000000-0000-4000-8000-000000000001"
	templateID = "40000000-0000-4000-8000-000000000001"
	locationID = "50000000-0000-4000-8000-000000000001"
)

func group(id string) object {
	return object{"target": object{"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": id}}
}

func allDevices() object {
	return object{"target": object{"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"}}
}

func choice(definition, option string) object {
	return object{"settingInstance": object{
		"@odata.type":         "#microsoft.graph.deviceManagementConfigurationChoiceSettingInstance",
		"settingDefinitionId": definition,
		"choiceSettingValue":  object{"value": option, "children": []any{}},
	}}
}

func catalogPolicy(name string) object {
	return object{
		"name": name, "platforms": "windows10", "technologies": "mdm",
		"settings": []any{choice("sim_policy_firewall", "sim_policy_firewall_1")},
	}
}

func compliance(name string) object {
	return object{"@odata.type": "#microsoft.graph.windows10CompliancePolicy", "displayName": name, "scheduledActionsForRule": []any{
		object{"ruleName": "PasswordRequired", "scheduledActionConfigurations": []any{object{"actionType": "block", "gracePeriodHours": 0}}},
	}}
}

func accessPolicy(name string) object {
	return object{
		"displayName": name, "state": "disabled", "grantControls": object{"operator": "OR", "builtInControls": []any{"mfa"}},
		"conditions": object{
			"clientAppTypes": []any{"all"}, "applications": object{"includeApplications": []any{"All"}},
			"users": object{"includeUsers": []any{"All"}, "excludeGroups": []any{groupID}},
		},
	}
}
