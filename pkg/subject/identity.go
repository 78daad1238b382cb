package subject

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
)

// MatchRule says when two names are the same policy.
type MatchRule string

// The match rules.
const (
	ExactName           MatchRule = "exact_name"
	IgnoreVersionSuffix MatchRule = "ignore_version_suffix"
)

// Key names a governed subject within one match rule: policy type, a colon and
// a digest of (type, discriminator, name). Keys of two rules never compare.
type Key string

// versionSuffixes are the two forms of a version at the end of a name: "v3.1"
// after a dash or white space, and "(1.2)" in brackets. A bare number is part of
// the name.
var versionSuffixes = []*regexp.Regexp{
	regexp.MustCompile(`(?i)(\s*-\s*|\s+)v\d+(\.\d+)*$`),
	regexp.MustCompile(`(?i)\s*\(v?\d+(\.\d+)+\)$`),
}

// NormaliseName is NFC, trimmed, white space folded; case is kept.
func NormaliseName(name string) string {
	return strings.Join(strings.Fields(norm.NFC.String(name)), " ")
}

// WithoutVersion drops one version suffix; a name that is nothing but a version
// stays.
func WithoutVersion(name string) string {
	for _, re := range versionSuffixes {
		if loc := re.FindStringIndex(name); loc != nil {
			if loc[0] == 0 {
				return name
			}
			return name[:loc[0]]
		}
	}
	return name
}

// Identity is what makes two objects of two tenants the same subject.
type Identity struct {
	Type          TypeKey
	Discriminator string // canonical text; empty for most types
	Name          string // as the tenant spells it
}

// Key is the subject's key under a rule.
func (i Identity) Key(rule MatchRule) Key {
	name := NormaliseName(i.Name)
	if rule == IgnoreVersionSuffix {
		name = WithoutVersion(name)
	}
	d := fingerprint.Of([]byte(string(i.Type) + "\x00" + i.Discriminator + "\x00" + name))
	return Key(string(i.Type) + ":" + string(d[:32]))
}

// flagEnums are properties that hold a set as comma-separated words.
var flagEnums = []string{"platforms", "technologies", "targetedAppManagementLevels", "brandingOptions"}

// flagSet spells a comma-separated set in one way.
func flagSet(s string) string {
	words := strings.Split(s, ",")
	for i := range words {
		words[i] = strings.TrimSpace(words[i])
	}
	slices.Sort(words)
	return strings.Join(slices.Compact(words), ",")
}

// discriminator is the canonical text of what, beside the name, makes the
// identity: the concrete type in collections that hold several, and the
// properties the catalogue names. "none", empty, null and absent are one value.
func (t *Type) discriminator(o map[string]any) string {
	var parts []string
	if t.ODataType == "" {
		parts = append(parts, typeName(o))
	}
	for _, path := range t.Discriminators {
		v, _ := at(o, path).(string)
		v = flagSet(v)
		if v == "none" {
			v = ""
		}
		parts = append(parts, v)
	}
	if strings.Join(parts, "") == "" {
		return ""
	}
	return strings.Join(parts, "\x1f")
}

func typeName(o map[string]any) string {
	s, _ := o["@odata.type"].(string)
	return strings.TrimPrefix(s, "#")
}

// at reads a dotted path of objects; nil when a step is missing.
func at(o map[string]any, path string) any {
	var v any = o
	for step := range strings.SplitSeq(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[step]
	}
	return v
}
