package graphsim

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// query holds the system query options of a request, or of one $expand item.
type query struct {
	selects []string
	expand  map[string]*query // keys in lower case
	top     int               // 0 when absent
	skip    int
	count   bool
	filter  predicate
	order   string // property to sort by, "" for the order of arrival
	descend bool
}

// parseQuery reads a query string; unlike net/url it takes a semicolon as part
// of a value, because nested $expand options use it.
func parseQuery(raw string) url.Values {
	out := url.Values{}
	for _, pair := range strings.Split(raw, "&") {
		key, value, _ := strings.Cut(pair, "=")
		k, err := url.QueryUnescape(key)
		if err != nil || k == "" {
			continue
		}
		v, err := url.QueryUnescape(value)
		if err != nil {
			v = value
		}
		out.Add(k, v)
	}
	return out
}

func options(values url.Values) (*query, *failure) {
	q := &query{expand: map[string]*query{}}
	for key := range values {
		if fail := q.option(strings.ToLower(key), values.Get(key)); fail != nil {
			return nil, fail
		}
	}
	return q, nil
}

func (q *query) option(key, value string) *failure {
	var err error
	switch key {
	case "$select":
		for _, s := range strings.Split(value, ",") {
			q.selects = append(q.selects, strings.TrimSpace(s))
		}
	case "$expand":
		return q.expansions(value)
	case "$top":
		if q.top, err = strconv.Atoi(value); err != nil || q.top < 1 {
			return badRequest("Invalid value '" + value + "' for $top query option found.")
		}
	case "$skip":
		if q.skip, err = strconv.Atoi(value); err != nil || q.skip < 0 {
			return badRequest("Invalid value '" + value + "' for $skip query option found.")
		}
	case "$orderby":
		property, direction, _ := strings.Cut(strings.TrimSpace(value), " ")
		q.order, q.descend = property, strings.EqualFold(strings.TrimSpace(direction), "desc")
	case "$search", "$apply", "$compute":
		return badRequest("The query option '" + key + "' is not supported.")
	case "$count":
		q.count = strings.EqualFold(value, "true")
	case "$filter":
		var fail *failure
		q.filter, fail = parseFilter(value)
		return fail
	}
	return nil
}

// expansions reads "a,b($expand=c;$select=d)".
func (q *query) expansions(text string) *failure {
	for _, item := range splitOutside(text, ',') {
		name, nested, hasNested := strings.Cut(strings.TrimSpace(item), "(")
		values := url.Values{}
		if hasNested {
			for _, opt := range splitOutside(strings.TrimSuffix(nested, ")"), ';') {
				k, v, _ := strings.Cut(strings.TrimSpace(opt), "=")
				values.Add(k, v)
			}
		}
		inner, fail := options(values)
		if fail != nil {
			return fail
		}
		q.expand[strings.ToLower(name)] = inner
	}
	return nil
}

// splitOutside splits at sep where no parenthesis or quote is open.
func splitOutside(text string, sep rune) []string {
	var out []string
	depth, quoted, from := 0, false, 0
	for i, r := range text {
		switch {
		case r == '\'':
			quoted = !quoted
		case quoted:
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == sep && depth == 0:
			out = append(out, text[from:i])
			from = i + 1
		}
	}
	return append(out, text[from:])
}

func (q *query) expands(name string) *query { return q.expand[strings.ToLower(name)] }

func (q *query) picks(name string) bool {
	for _, s := range q.selects {
		if strings.EqualFold(s, name) {
			return true
		}
	}
	return false
}

func unescape(path string) string {
	if p, err := url.PathUnescape(path); err == nil {
		return p
	}
	return path
}

// sort orders objects as $orderby wants, stable.
func (q *query) sort(all []Object) {
	if q.order == "" {
		return
	}
	slices.SortStableFunc(all, func(a, b Object) int {
		n := strings.Compare(strings.ToLower(plainText(q.order, a)), strings.ToLower(plainText(q.order, b)))
		if q.descend {
			return -n
		}
		return n
	})
}
