package graph

import (
	"net/url"
	"strconv"
	"strings"
)

// query builds a query string from pairs; pairs without a value are left out.
func query(pairs ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		if b.Len() == 0 {
			b.WriteByte('?')
		} else {
			b.WriteByte('&')
		}
		b.WriteString(pairs[i] + "=" + strings.ReplaceAll(url.QueryEscape(pairs[i+1]), "+", "%20"))
	}
	return b.String()
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// escape makes an id one path segment, whatever it holds.
func escape(id string) string {
	if id == "." || id == ".." {
		return strings.ReplaceAll(id, ".", "%2E")
	}
	return url.PathEscape(id)
}

// quote makes a literal of a $filter: quotes are doubled.
func quote(value string) string { return "'" + strings.ReplaceAll(value, "'", "''") + "'" }
