package graph

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
)

// masked is one OMA-URI value that Graph shows as a mask.
type masked struct {
	draft   *draft
	setting object
}

// readMasked asks for the plain text of masked OMA-URI values. It is a read, but
// Graph gives it only to applications that may also write; where it does not, the
// mask stays and the value counts as a secret.
func (r *reader) readMasked(ctx context.Context, w wire, drafts []*draft) error {
	var open []masked
	var paths []string
	for _, d := range drafts {
		for _, s := range items(d.o, "omaSettings") {
			reference := text(s, "secretReferenceValueId")
			if encrypted, _ := s["isEncrypted"].(bool); !encrypted || reference == "" || d.err != nil {
				continue
			}
			open = append(open, masked{d, s})
			paths = append(paths, w.path+"/"+escape(d.id)+"/getOmaSettingPlainTextValue(secretReferenceValueId='"+url.PathEscape(reference)+"')")
		}
	}
	if len(open) == 0 {
		return nil
	}
	results, err := r.s.readAll(ctx, paths, w.family, false)
	if err != nil {
		return err
	}
	for i, m := range open {
		if c := provider.ClassOf(results[i].err); c == provider.Denied || c == provider.Gone || c == provider.Invalid {
			continue
		}
		if fatal := m.draft.fail(ctx, results[i].err, false, "omaSettings"); fatal != nil {
			return fatal
		}
		if results[i].err == nil {
			m.unmask(results[i].body)
		}
	}
	return nil
}

// unmask puts the plain text in the mask's place. XML is written as base64, so
// it is shown as base64.
func (m masked) unmask(body []byte) {
	var answer struct {
		Value *string `json:"value"`
	}
	if err := json.Unmarshal(body, &answer); err != nil || answer.Value == nil {
		return // no plain text: the mask stays
	}
	value := *answer.Value
	if strings.HasSuffix(text(m.setting, odataType), "omaSettingStringXml") && !isBase64Text(value) {
		value = base64.StdEncoding.EncodeToString([]byte(value))
	}
	m.setting["value"], m.setting["isEncrypted"] = value, false
	delete(m.setting, "secretReferenceValueId")
}

func isBase64Text(s string) bool {
	b, err := base64.StdEncoding.DecodeString(s)
	return err == nil && utf8.Valid(b)
}
