package app

import (
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tenantatlas/tenantatlas/api/middleware"
	"github.com/tenantatlas/tenantatlas/pkg/identity"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
)

// EnvPrefix begins the name of every setting in the environment.
const EnvPrefix = "TENANTATLAS_"

// Settings is what an operator decides. Read it with ReadSettings; the zero value
// lacks the defaults.
type Settings struct {
	DatabaseURL        string // PostgreSQL, for the application's role
	MigrateDatabaseURL string // PostgreSQL, as the owner of the schema; empty: DatabaseURL
	RedisURL           string
	Listen             string // host:port of the API
	MetricsListen      string // host:port of /metrics; empty: none
	PublicURL          string // origin clients use; empty: http:// and where the API listens
	DataDir            string // where embedded servers keep their data
	GraphURL, LoginURL string // replace the hosts of every cloud
	ExtraCAFile        string // PEM roots to trust besides the system's
	MasterKeyFile      string // seals credentials; empty: master.key in DataDir
	PostgresBin        string // initdb and postgres for the embedded database
	LogLevel           slog.Level
	Timing             operation.Timing
	Seam               promotion.Timing // of the write seam
	Rates              middleware.Limits
	Accounts           identity.Settings
	CaptureAge         time.Duration // how old a capture may be to promote from or onto
	GraphPercent       int           // of Microsoft's documented request limits; 0: no pacing
	Concurrency        int           // runs carried on at once by one worker process
	DatabaseConns      int           // connections of one process
}

// Setting is one row of the table of settings.
type Setting struct {
	Name     string // without prefix, e.g. DATABASE_URL
	Default  string
	Sentence string
	set      func(s *Settings, text string) error
}

// Flag is the setting's name on the command line, e.g. database-url.
func (s Setting) Flag() string { return strings.ToLower(strings.ReplaceAll(s.Name, "_", "-")) }

var table = []Setting{
	{"DATABASE_URL", "", "PostgreSQL the product keeps its truth in; any account that may SET ROLE tenantatlas_app.", text(func(s *Settings) *string { return &s.DatabaseURL })},
	{"MIGRATE_DATABASE_URL", "", "The same database as its owner, for migrate; DATABASE_URL when empty.", text(func(s *Settings) *string { return &s.MigrateDatabaseURL })},
	{"REDIS_URL", "", "Redis or Valkey that rings for workers; nothing is kept in it.", text(func(s *Settings) *string { return &s.RedisURL })},
	{"LISTEN", "127.0.0.1:8080", "Host and port the API and the pages are served on.", text(func(s *Settings) *string { return &s.Listen })},
	{"METRICS_LISTEN", "", "Host and port of /metrics; none when empty.", text(func(s *Settings) *string { return &s.MetricsListen })},
	{"PUBLIC_URL", "", "The origin clients use; https makes cookies secure. Where the API listens when empty.", origin(func(s *Settings) *string { return &s.PublicURL })},
	{"DATA_DIR", ".data", "Where up keeps its database, its master key and the demo tenants.", text(func(s *Settings) *string { return &s.DataDir })},
	{"MASTER_KEY_FILE", "", "The key that seals credentials, made when missing; master.key in DATA_DIR when empty. Back it up.", text(func(s *Settings) *string { return &s.MasterKeyFile })},
	{"GRAPH_URL", "", "Replaces Microsoft Graph's address in every cloud; together with LOGIN_URL.", origin(func(s *Settings) *string { return &s.GraphURL })},
	{"LOGIN_URL", "", "Replaces the login service's address in every cloud; together with GRAPH_URL.", origin(func(s *Settings) *string { return &s.LoginURL })},
	{"EXTRA_CA_FILE", "", "PEM file with further root certificates to trust, e.g. of an inspecting proxy.", text(func(s *Settings) *string { return &s.ExtraCAFile })},
	{"POSTGRES_BIN", "", "Folder with initdb and postgres for the embedded database; searched for when empty.", text(func(s *Settings) *string { return &s.PostgresBin })},
	{"LOG_LEVEL", "info", "debug, info, warn or error.", level},
	{"TIMING", "production", "production, or test: leases and sweeps at the scale of specs.", timing},
	{"LIMIT_ANONYMOUS", "120", "Requests a minute per address without a credential.", number(func(s *Settings) *int { return &s.Rates.Anonymous })},
	{"LIMIT_AUTHENTICATED", "1200", "Requests a minute per person.", number(func(s *Settings) *int { return &s.Rates.Authenticated })},
	{"LIMIT_EXPORT", "12", "Exports a minute per person.", number(func(s *Settings) *int { return &s.Rates.Export })},
	{"LIMIT_SIGN_IN_ACCOUNT", "5", "Refused sign-ins a minute per account; -1 for no limit.", number(func(s *Settings) *int { return &s.Accounts.FailuresPerAccount })},
	{"LIMIT_SIGN_IN_ADDRESS", "10", "Refused sign-ins a minute per client address; -1 for no limit.", number(func(s *Settings) *int { return &s.Accounts.FailuresPerAddress })},
	{"LIMIT_CAPTURE_AGE", promotion.DefaultMaxAge.String(), "How old captured content may be to promote from it or onto it.", duration(func(s *Settings) *time.Duration { return &s.CaptureAge })},
	{"LIMIT_GRAPH_PERCENT", "80", "Share of Microsoft's documented request limits to use; 0 for no pacing.", number(func(s *Settings) *int { return &s.GraphPercent })},
	{"LIMIT_WORKSPACE_RUNS", "2", "Runs of one workspace at once; 0 for any number.", number(func(s *Settings) *int { return &s.Timing.WorkspaceRuns })},
	{"LIMIT_WORKER_RUNS", "8", "Runs one worker process carries on at once.", number(func(s *Settings) *int { return &s.Concurrency })},
	{"LIMIT_DATABASE_CONNECTIONS", "20", "Database connections of one process.", number(func(s *Settings) *int { return &s.DatabaseConns })},
}

// Table lists every setting in the order of the documentation.
func Table() []Setting { return append([]Setting(nil), table...) }

// TableMarkdown prints the settings for the documentation.
func TableMarkdown() string {
	var b strings.Builder
	b.WriteString("| environment | flag | default | meaning |\n|---|---|---|---|\n")
	for _, row := range table {
		def := row.Default
		if def != "" {
			def = "`" + def + "`"
		}
		fmt.Fprintf(&b, "| `%s%s` | `--%s` | %s | %s |\n", EnvPrefix, row.Name, row.Flag(), def, row.Sentence)
	}
	return b.String()
}

// Flags adds every setting to a flag set and returns a function that, after the
// flags were parsed, reads the settings: flags first, then env (the process's
// os.LookupEnv), then defaults.
func Flags(flags *flag.FlagSet, env func(string) (string, bool)) func() (Settings, error) {
	given := make([]*string, len(table))
	for i, row := range table {
		given[i] = flags.String(row.Flag(), "", row.Sentence)
	}
	return func() (Settings, error) {
		named := map[string]bool{}
		flags.Visit(func(f *flag.Flag) { named[f.Name] = true })
		return readSettings(func(i int, row Setting) (string, string) {
			if named[row.Flag()] {
				return *given[i], "--" + row.Flag()
			}
			if value, ok := env(EnvPrefix + row.Name); ok && value != "" {
				return value, EnvPrefix + row.Name
			}
			return row.Default, EnvPrefix + row.Name
		})
	}
}

// ReadSettings reads the settings from the environment alone.
func ReadSettings(env func(string) (string, bool)) (Settings, error) {
	return Flags(flag.NewFlagSet("", flag.ContinueOnError), env)()
}

func readSettings(value func(i int, row Setting) (text, where string)) (Settings, error) {
	var s Settings
	for i, row := range table {
		text, where := value(i, row)
		if err := row.set(&s, text); err != nil {
			return s, fmt.Errorf("%s %w", where, err) // never the value: it may be a credential
		}
	}
	if (s.GraphURL == "") != (s.LoginURL == "") {
		return s, errors.New("GRAPH_URL and LOGIN_URL are given together or not at all")
	}
	if s.MigrateDatabaseURL == "" {
		s.MigrateDatabaseURL = s.DatabaseURL
	}
	return s, nil
}

func text(field func(*Settings) *string) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		*field(s) = strings.TrimSpace(v)
		return nil
	}
}

func number(field func(*Settings) *int) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		n, err := strconv.Atoi(strings.TrimSpace(v))
		if err != nil {
			return errors.New("is not a whole number")
		}
		*field(s) = n
		return nil
	}
}

func duration(field func(*Settings) *time.Duration) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		d, err := time.ParseDuration(strings.TrimSpace(v))
		if err != nil || d <= 0 {
			return errors.New("is not a duration such as 24h")
		}
		*field(s) = d
		return nil
	}
}

func origin(field func(*Settings) *string) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		v = strings.TrimSuffix(strings.TrimSpace(v), "/")
		if v == "" {
			return nil
		}
		u, err := url.Parse(v)
		if err != nil || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") {
			return errors.New("is not an address such as https://host:port")
		}
		*field(s) = v
		return nil
	}
}

func level(s *Settings, v string) error {
	if err := s.LogLevel.UnmarshalText([]byte(strings.TrimSpace(v))); err != nil {
		return errors.New("is none of debug, info, warn, error")
	}
	return nil
}

func timing(s *Settings, v string) error {
	switch strings.TrimSpace(v) {
	case "production":
		s.Timing, s.Seam = operation.ProductionTiming(), promotion.ProductionTiming()
	case "test":
		s.Timing, s.Seam = operation.TestTiming(), promotion.TestTiming()
	default:
		return errors.New("is neither production nor test")
	}
	return nil
}
