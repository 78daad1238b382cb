package subject

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	instant  = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}`)
	duration = regexp.MustCompile(`^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$`)
)

// canonicalTime spells equal instants and equal ISO 8601 durations (of days,
// hours, minutes and seconds) alike; any other text stays as it is.
func canonicalTime(s string) string {
	switch {
	case len(s) < 3:
		return s
	case s[0] == 'P':
		return canonicalDuration(s)
	case s[0] >= '0' && s[0] <= '9' && instant.MatchString(s):
		if at, err := time.Parse(time.RFC3339Nano, s); err == nil {
			return at.UTC().Format(time.RFC3339Nano)
		}
	}
	return s
}

func canonicalDuration(s string) string {
	m := duration.FindStringSubmatch(s)
	if m == nil || strings.HasSuffix(s, "T") {
		return s
	}
	total := 0
	for i, unit := range []int{86400, 3600, 60, 1} {
		if m[i+1] == "" {
			continue
		}
		n, err := strconv.Atoi(m[i+1])
		if err != nil || n > 1_000_000 {
			return s
		}
		total += n * unit
	}
	return spellDuration(total)
}

func spellDuration(seconds int) string {
	if seconds == 0 {
		return "PT0S"
	}
	var b strings.Builder
	b.WriteByte('P')
	if d := seconds / 86400; d > 0 {
		fmt.Fprintf(&b, "%dD", d)
	}
	if rest := seconds % 86400; rest > 0 {
		b.WriteByte('T')
		for _, u := range []struct {
			n    int
			name byte
		}{{rest / 3600, 'H'}, {rest % 3600 / 60, 'M'}, {rest % 60, 'S'}} {
			if u.n > 0 {
				fmt.Fprintf(&b, "%d%c", u.n, u.name)
			}
		}
	}
	return b.String()
}
