package hostile_test

import "net/url"

// escaped is a text for a query; cut to what a query may hold.
func escaped(s string) string {
	r := []rune(s)
	return url.QueryEscape(string(r[:min(len(r), 60)]))
}
