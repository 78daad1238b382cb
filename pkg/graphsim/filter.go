package graphsim

import (
	"encoding/json"
	"strings"
	"unicode"
)

// predicate decides whether an object passes a $filter.
type predicate func(Object) bool

// filterParser reads the part of $filter that the simulated routes support:
// eq, ne, in, startswith, contains, isof, and, or, not, parentheses.
type filterParser struct {
	words []string
	at    int
	bad   bool
}

func parseFilter(text string) (predicate, *failure) {
	p := &filterParser{words: filterWords(text)}
	pred := p.either()
	if p.bad || p.at != len(p.words) {
		return nil, badRequest("Invalid filter clause: " + text)
	}
	return pred, nil
}

// filterWords splits into words, quoted texts (kept with one leading quote),
// parentheses and commas.
func filterWords(text string) []string {
	var out []string
	runes := []rune(text)
	for i := 0; i < len(runes); {
		switch r := runes[i]; {
		case unicode.IsSpace(r):
			i++
		case r == '(' || r == ')' || r == ',':
			out = append(out, string(r))
			i++
		case r == '\'':
			value, next := quotedWord(runes, i+1)
			out = append(out, "'"+value)
			i = next
		default:
			from := i
			for i < len(runes) && !unicode.IsSpace(runes[i]) && !strings.ContainsRune("(),'", runes[i]) {
				i++
			}
			out = append(out, string(runes[from:i]))
		}
	}
	return out
}

func quotedWord(runes []rune, i int) (string, int) {
	var b strings.Builder
	for i < len(runes) {
		if runes[i] == '\'' {
			if i+1 < len(runes) && runes[i+1] == '\'' {
				i++
			} else {
				return b.String(), i + 1
			}
		}
		b.WriteRune(runes[i])
		i++
	}
	return b.String(), i
}

func (p *filterParser) peek() string {
	if p.at < len(p.words) {
		return p.words[p.at]
	}
	return ""
}

func (p *filterParser) take() string {
	w := p.peek()
	p.at++
	if w == "" {
		p.bad = true
	}
	return w
}

func (p *filterParser) accept(word string) bool {
	if strings.EqualFold(p.peek(), word) {
		p.at++
		return true
	}
	return false
}

func (p *filterParser) expect(word string) {
	if !p.accept(word) {
		p.bad = true
	}
}

func (p *filterParser) either() predicate {
	left := p.both()
	for p.accept("or") {
		a, b := left, p.both()
		left = func(o Object) bool { return a(o) || b(o) }
	}
	return left
}

func (p *filterParser) both() predicate {
	left := p.one()
	for p.accept("and") {
		a, b := left, p.one()
		left = func(o Object) bool { return a(o) && b(o) }
	}
	return left
}

func (p *filterParser) one() predicate {
	if p.bad {
		return func(Object) bool { return false }
	}
	switch word := p.take(); strings.ToLower(word) {
	case "(":
		inner := p.either()
		p.expect(")")
		return inner
	case "not":
		inner := p.one()
		return func(o Object) bool { return !inner(o) }
	case "startswith", "contains", "isof":
		return p.function(strings.ToLower(word))
	default:
		return p.comparison(word)
	}
}

func (p *filterParser) function(name string) predicate {
	p.expect("(")
	if name == "isof" {
		want := strings.TrimPrefix(strings.TrimPrefix(p.take(), "'"), "microsoft.graph.")
		p.expect(")")
		return func(o Object) bool { return strings.EqualFold(typeOf(o), want) }
	}
	property := p.take()
	p.expect(",")
	want := strings.ToLower(strings.TrimPrefix(p.take(), "'"))
	p.expect(")")
	test := strings.HasPrefix
	if name == "contains" {
		test = strings.Contains
	}
	return func(o Object) bool { return test(strings.ToLower(plainText(property, o)), want) }
}

func (p *filterParser) comparison(property string) predicate {
	switch op := strings.ToLower(p.take()); op {
	case "eq", "ne":
		want := p.take()
		return func(o Object) bool { return sameValue(valueAt(property, o), want) == (op == "eq") }
	case "in":
		p.expect("(")
		var wants []string
		for !p.bad && !p.accept(")") {
			wants = append(wants, p.take())
			p.accept(",")
		}
		return func(o Object) bool {
			v := valueAt(property, o)
			for _, w := range wants {
				if sameValue(v, w) {
					return true
				}
			}
			return false
		}
	default:
		p.bad = true
		return nil
	}
}

func valueAt(property string, o Object) any {
	var v any = o
	for _, name := range strings.Split(property, "/") {
		m, isObject := v.(Object)
		if !isObject {
			return nil
		}
		v = m[name]
	}
	return v
}

func plainText(property string, o Object) string {
	s, _ := valueAt(property, o).(string)
	return s
}

// sameValue compares a value with a literal; texts without regard to case, as
// Graph does.
func sameValue(v any, literal string) bool {
	switch v := v.(type) {
	case string:
		return strings.EqualFold(v, strings.TrimPrefix(literal, "'"))
	case bool:
		return strings.EqualFold(literal, map[bool]string{true: "true", false: "false"}[v])
	case json.Number:
		return v.String() == literal
	case nil:
		return strings.EqualFold(literal, "null")
	default:
		return false
	}
}
