package graphsim_test

import (
	"encoding/json"
	"regexp"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var guids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// byName replaces every id in an object's JSON by the name of the object it
// stands for, so that two graphs can be compared up to ids.
func byName(text string, names map[string]string) string {
	GinkgoHelper()
	short := map[string]string{}
	for id, name := range names {
		for _, g := range guids.FindAllString(id, -1) {
			short[g] = name
		}
	}
	text = guids.ReplaceAllStringFunc(text, func(g string) string {
		if n := short[g]; n != "" {
			return n
		}
		if strings.HasPrefix(g, "00000000") {
			return g
		}
		return "(own)"
	})
	var o object
	Expect(json.Unmarshal([]byte(text), &o)).To(Succeed())
	for _, p := range []string{"roleScopeTagIds", "roleScopeTags"} {
		for i, v := range asList(o[p]) {
			o[p].([]any)[i] = names[v.(string)]
		}
	}
	if strings.HasPrefix(names[o["id"].(string)], "roleScopeTags") {
		o["id"] = names[o["id"].(string)]
	}
	out, err := json.Marshal(o)
	Expect(err).NotTo(HaveOccurred())
	return string(out)
}

func asList(v any) []any {
	l, _ := v.([]any)
	return l
}
