package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
)

// Certificate profiles and network profiles are linked by navigation
// properties that no read includes. A complete object carries them inlined as
// {"id": …}, or a list of those.

// link is one such property.
type link struct {
	property string
	many     bool
}

var (
	rootLink     = link{property: "rootCertificate"}
	identityLink = link{property: "identityCertificate"}
)

// linkRules say by the end of a type's name which links it can have. A link
// that one of the types lacks answers "no route", which counts as none.
var linkRules = []struct {
	ending string
	links  []link
}{
	{"scepcertificateprofile", []link{rootLink}},
	{"pkcscertificateprofile", []link{rootLink}},
	{"enterprisewificonfiguration", networkLinks},
	{"wifienterpriseeapconfiguration", networkLinks},
	{"wirednetworkconfiguration", append(networkLinks[:len(networkLinks):len(networkLinks)],
		link{property: "secondaryRootCertificateForClientValidation"}, link{property: "secondaryIdentityCertificateForClientAuthentication"})},
	{"vpnconfiguration", []link{identityLink, rootLink}},
	{"easemailprofileconfiguration", []link{identityLink, {property: "smimeSigningCertificate"}, {property: "smimeEncryptionCertificate"}}},
	{"devicefeaturesconfiguration", []link{{property: "identityCertificateForClientAuthentication"}, {property: "singleSignOnExtensionPkinitCertificate"}}},
	{"domainjoinconfiguration", []link{{property: "networkAccessConfigurations", many: true}}},
}

var networkLinks = []link{
	{property: "rootCertificatesForServerValidation", many: true},
	{property: "rootCertificateForServerValidation"},
	{property: "rootCertificateForClientValidation"},
	{property: "identityCertificateForClientAuthentication"},
}

// linksOf are the links an object can have. Plain Wi-Fi, the common case, has
// none and costs no request.
func linksOf(o object) []link {
	name := strings.ToLower(text(o, odataType))
	for _, rule := range linkRules {
		if strings.HasSuffix(name, rule.ending) {
			return rule.links
		}
	}
	return nil
}

// readLinks inlines the links of all drafts, in batches.
func (r *reader) readLinks(ctx context.Context, w wire, drafts []*draft) error {
	var paths []string
	var owners []*draft
	var asked []link
	for _, d := range drafts {
		for _, l := range linksOf(d.o) {
			paths = append(paths, w.path+"/"+escape(d.id)+"/"+l.property+"?$select=id")
			owners, asked = append(owners, d), append(asked, l)
		}
	}
	results, err := r.s.readAll(ctx, paths, w.family, false)
	if err != nil {
		return err
	}
	for i, d := range owners {
		linked, err := linkedIDs(results[i], asked[i].many)
		if err != nil {
			if fatal := d.fail(ctx, err, false, asked[i].property); fatal != nil {
				return fatal
			}
			continue
		}
		inlineLink(d.o, asked[i], linked)
	}
	return nil
}

func linkedIDs(res result, many bool) ([]any, error) {
	if e := provider.ClassOf(res.err); e == provider.Gone || e == provider.Invalid {
		return nil, nil
	}
	if res.err != nil || len(res.body) == 0 || string(res.body) == "null" {
		return nil, res.err
	}
	found := struct {
		ID    string `json:"id"`
		Value []struct {
			ID string `json:"id"`
		} `json:"value"`
	}{}
	if err := json.Unmarshal(res.body, &found); err != nil {
		return nil, unreadable("A link to a certificate cannot be read.", err)
	}
	var out []any
	if !many && found.ID != "" {
		out = append(out, object{"id": found.ID})
	}
	for _, v := range found.Value {
		out = append(out, object{"id": v.ID})
	}
	return out, nil
}

func inlineLink(o object, l link, linked []any) {
	switch {
	case len(linked) == 0:
	case l.many:
		o[l.property] = linked
	default:
		o[l.property] = linked[0]
	}
}

// bindLinks takes the inlined links out of a body; a create binds them at once.
func bindLinks(p *plan, body object, creating bool) {
	for _, l := range linksOf(p.any()) {
		linked := items(body, l.property)
		delete(body, l.property)
		if !creating || len(linked) == 0 {
			continue
		}
		urls := make([]any, len(linked))
		for i, c := range linked {
			urls[i] = p.configurationURL(text(c, "id"))
		}
		if l.many {
			body[l.property+"@odata.bind"] = urls
		} else {
			body[l.property+"@odata.bind"] = urls[0]
		}
	}
}

func (p *plan) configurationURL(id string) string {
	return fmt.Sprintf("%s%s%s('%s')", p.graph, version, p.w.path, id)
}

// relink changes the links of an existing object.
func relink(p *plan) error {
	if p.have == nil {
		return nil // bound by the create
	}
	for _, l := range linksOf(p.want) {
		if err := p.relinkOne(l); err != nil {
			return err
		}
	}
	return nil
}

func (p *plan) relinkOne(l link) error {
	want, have := ids(items(p.want, l.property)), ids(items(p.have, l.property))
	path := p.w.path + "/{id}/" + l.property
	for _, id := range have {
		if !l.many || slices.Contains(want, id) {
			continue
		}
		if err := p.add(provider.StepAppend, "unlink", http.MethodDelete, path+"/"+escape(id)+"/$ref", nil); err != nil {
			return err
		}
	}
	if !l.many && len(want) == 0 && len(have) > 0 {
		return p.add(provider.StepAppend, "unlink", http.MethodDelete, path+"/$ref", nil)
	}
	for _, id := range want {
		if slices.Contains(have, id) {
			continue
		}
		kind, method := provider.StepReplace, http.MethodPut
		if l.many {
			kind, method = provider.StepAppend, http.MethodPost
		}
		if err := p.add(kind, "link", method, path+"/$ref", object{"@odata.id": p.configurationURL(id)}); err != nil {
			return err
		}
	}
	return nil
}

func ids(in []object) []string {
	out := make([]string, len(in))
	for i, o := range in {
		out[i] = text(o, "id")
	}
	return out
}
