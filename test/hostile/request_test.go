package hostile_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/test/contract/surface"
)

// request is one request as the fuzzer sends it.
type request struct {
	op      surface.Operation
	who     string
	address string
	headers map[string]string
	body    string // "" is none
}

// String is what is printed when it was answered wrongly.
func (q request) String() string {
	return fmt.Sprintf("%s %.400q as %s with %.200q: %.600q", q.op.Method, q.address, q.who, fmt.Sprint(q.headers), q.body)
}

// words are texts that something may stumble over.
var words = []string{
	"", " ", "x", "null", "true", "0", "-1", "2147483648", "9223372036854775808", "1e400", "\x00", "a\x00b", "\u202egnp.exe", "\u2028",
	"\ufeff", "é", "e\u0301", "🜁", "ﷺ", "../../etc/passwd", "%2e%2e%2f", "'; DROP TABLE users; --", `" OR ""="`, "<script>", "${jndi:ldap://x}",
	"{{7*7}}", "\r\nSet-Cookie: a=b", "294277-01-01T00:00:00Z", "0000-00-00T00:00:00Z", "2026-11-24T09:00:00+14:00", "9999-12-31T23:59:60Z",
	"00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "{00000000-0000-0000-0000-000000000000}",
	"a@b", "a@b.example", "@", "workspace:owner", "*", "_", "%", "\\", strings.Repeat("x", 300), strings.Repeat("🜁", 5000),
}

// raw are values that stand in a body as they are.
var raw = []string{
	"null", "true", "0", "-1", "-0", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "1e400", "1.5", "[]", "{}",
	`[null]`, `[[[[]]]]`, `{"a":{"b":{}}}`, `"\ud800"`, `"\udc00\ud800"`, `"\u0000"`, `"\u202e"`, "\"\xff\"", `01`, `NaN`, `'x'`, `"unclosed`,
}

// maker makes requests of the description and of ids that exist.
type maker struct {
	doc *surface.Document
	ids map[string][]string // by parameter
	all []string            // every id
}

// any is a request: most of it is right, so that it gets somewhere.
func (m *maker) any(people []string) *rapid.Generator[request] {
	return rapid.Custom(func(t *rapid.T) request {
		q := request{op: rapid.SampledFrom(m.doc.Operations).Draw(t, "operation"), headers: map[string]string{}}
		q.who = rapid.SampledFrom(people).Draw(t, "who")
		values := map[string]string{}
		for _, name := range q.op.PathParameters() {
			values[name] = url.PathEscape(m.id(t, name))
			if values[name] == "" || strings.Trim(values[name], ".") == "" {
				values[name] = "x"
			}
		}
		q.address = q.op.At(values) + m.query(t, q.op)
		if q.op.Body != nil || rapid.IntRange(0, 19).Draw(t, "unasked body") == 0 {
			q.body = m.broken(t, m.text(t, q.op.Body, 0))
		}
		m.head(t, &q)
		return q
	})
}

func rarely(t *rapid.T, of int, label string) bool { return rapid.IntRange(1, of).Draw(t, label) == 1 }

// id is mostly one that exists for the parameter.
func (m *maker) id(t *rapid.T, name string) string {
	if known := m.ids[name]; len(known) > 0 && !rarely(t, 8, "other id") {
		return rapid.SampledFrom(known).Draw(t, name)
	}
	if rarely(t, 2, "any id") {
		return rapid.SampledFrom(m.all).Draw(t, name)
	}
	return rapid.SampledFrom(words).Draw(t, name)
}

func (m *maker) query(t *rapid.T, o surface.Operation) string {
	q := url.Values{}
	for _, p := range o.Parameters {
		if p.In == "query" && rarely(t, 3, "ask "+p.Name) {
			q.Add(p.Name, m.plainText(t, p.Name, m.doc.Resolve(p.Schema)))
		}
	}
	if rarely(t, 20, "unknown parameter") {
		q.Add(rapid.SampledFrom(words).Draw(t, "parameter"), "1")
	}
	switch {
	case rarely(t, 50, "broken query"):
		return "?" + rapid.SampledFrom([]string{"%", "a=%zz", "limit=1&limit=2", "=", "&&&", "cursor=%00", "q=%ff"}).Draw(t, "query")
	case len(q) == 0:
		return ""
	}
	return "?" + q.Encode()
}

// plainText is a value of the schema outside of JSON.
func (m *maker) plainText(t *rapid.T, name string, s surface.Schema) string {
	var value any
	if json.Unmarshal([]byte(m.text(t, s, 0)), &value) != nil {
		return rapid.SampledFrom(words).Draw(t, name)
	}
	if text, ok := value.(string); ok {
		return text
	}
	return fmt.Sprint(value)
}

func (m *maker) head(t *rapid.T, q *request) {
	for _, p := range q.op.Parameters {
		if p.In == "header" && !rarely(t, 4, "leave "+p.Name) {
			q.headers[p.Name] = rapid.SampledFrom([]string{
				`"1"`, `"2"`, `1`, `*`, `W/"1"`, `"-1"`, `"99999999999999999999"`, `"x"`, `key-1`, strings.Repeat("k", 200), "0", "-1",
			}).Draw(t, p.Name)
		}
	}
	if q.body != "" && rarely(t, 25, "media") {
		q.headers["Content-Type"] = rapid.SampledFrom([]string{"", "text/plain", "application/xml", "application/json; charset=utf-16", "multipart/form-data"}).Draw(t, "Content-Type")
	}
	if rarely(t, 25, "accept") {
		q.headers["Accept"] = rapid.SampledFrom([]string{"text/html", "application/cbor", "*/*;q=0", "x"}).Draw(t, "Accept")
	}
}

// text is JSON that is mostly what the schema asks for.
func (m *maker) text(t *rapid.T, s surface.Schema, depth int) string {
	if s == nil || depth > 6 || rarely(t, 25, "anything") {
		return rapid.SampledFrom(raw).Draw(t, "raw")
	}
	s = m.doc.Resolve(s)
	if list := slices.Concat(surface.List(s, "oneOf"), surface.List(s, "anyOf")); len(list) > 0 {
		return m.text(t, rapid.SampledFrom(list).Draw(t, "alternative").(surface.Schema), depth+1)
	}
	if enum := surface.List(s, "enum"); len(enum) > 0 && !rarely(t, 10, "no such word") {
		return encoded(rapid.SampledFrom(enum).Draw(t, "word"))
	}
	switch kind(s) {
	case "object":
		return m.object(t, s, depth)
	case "array":
		item, _ := s["items"].(surface.Schema)
		parts := make([]string, rapid.IntRange(0, 3).Draw(t, "length"))
		for i := range parts {
			parts[i] = m.text(t, item, depth+1)
		}
		return "[" + strings.Join(parts, ",") + "]"
	case "integer", "number":
		return rapid.SampledFrom([]string{"0", "1", "2", "50", "200", "201", "-1", "10000", "10001", "2147483648", "9223372036854775808"}).Draw(t, "number")
	case "boolean":
		return rapid.SampledFrom([]string{"true", "false"}).Draw(t, "boolean")
	}
	return m.string(t, s)
}

func kind(s surface.Schema) string {
	switch k := s["type"].(type) {
	case string:
		return k
	case []any:
		return k[0].(string)
	}
	return ""
}

func (m *maker) string(t *rapid.T, s surface.Schema) string {
	if longest, ok := s["maxLength"].(float64); ok && rarely(t, 10, "boundary") {
		return encoded(strings.Repeat("b", int(longest)+rapid.IntRange(-1, 1).Draw(t, "beyond")))
	}
	if examples := surface.List(s, "examples"); len(examples) > 0 && s["format"] != "uuid" && rapid.Bool().Draw(t, "example") {
		return encoded(examples[0])
	}
	if s["format"] == "uuid" && !rarely(t, 6, "no id") {
		return encoded(rapid.SampledFrom(m.all).Draw(t, "id"))
	}
	return encoded(rapid.SampledFrom(words).Draw(t, "text"))
}

func (m *maker) object(t *rapid.T, s surface.Schema, depth int) string {
	var parts []string
	properties, _ := s["properties"].(surface.Schema)
	for name, p := range sorted(properties) {
		required := slices.Contains(surface.List(s, "required"), any(name))
		if !required && rapid.Bool().Draw(t, "leave "+name) || rarely(t, 30, "miss "+name) {
			continue
		}
		value := m.text(t, p.(surface.Schema), depth+1)
		if known := m.ids[name]; len(known) > 0 && !rarely(t, 6, "other "+name) {
			value = encoded(rapid.SampledFrom(known).Draw(t, name))
		}
		parts = append(parts, encoded(name)+":"+value)
		if rarely(t, 60, "twice "+name) {
			parts = append(parts, encoded(name)+":"+value)
		}
	}
	if rarely(t, 30, "unknown property") {
		parts = append(parts, encoded(rapid.SampledFrom(words).Draw(t, "property"))+":1")
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func sorted(m surface.Schema) func(func(string, any) bool) {
	return func(yield func(string, any) bool) {
		names := make([]string, 0, len(m))
		for name := range m {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			if !yield(name, m[name]) {
				return
			}
		}
	}
}

func encoded(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(text)
}

// broken leaves most texts alone and spoils the others.
func (m *maker) broken(t *rapid.T, body string) string {
	switch rapid.IntRange(0, 60).Draw(t, "spoil") {
	case 0:
		return body[:len(body)/2]
	case 1:
		return body + body
	case 2:
		return strings.Repeat(`{"a":`, 20000) + "1" + strings.Repeat("}", 20000)
	case 3:
		return strings.Repeat("[", 100000)
	case 4:
		return `{"display_name":"` + strings.Repeat("h", 1<<20) + `"}`
	case 5:
		return "\ufeff" + body
	case 6:
		return strings.ReplaceAll(body, `"`, "\x00")
	case 7:
		return strings.Repeat(" ", 1000) + body
	case 8:
		return rapid.SampledFrom(raw).Draw(t, "raw body")
	}
	return body
}
