package tenancy

import (
	"fmt"
	"log/slog"
)

const redacted = "[redacted]"

// Secret holds text that must not reach a log, an answer or an error: every
// usual way of printing it says "[redacted]". The zero value is empty.
type Secret struct{ text string }

// NewSecret wraps text.
func NewSecret(text string) Secret { return Secret{text: text} }

// Reveal returns the text. Call it only where the secret is used.
func (s Secret) Reveal() string { return s.text }

// Empty reports whether there is no text.
func (s Secret) Empty() bool { return s.text == "" }

// String implements fmt.Stringer without the text.
func (Secret) String() string { return redacted }

// Format implements fmt.Formatter so that no verb prints the text.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) } // a print cannot report an error

// MarshalJSON writes the redaction.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalText writes the redaction.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue implements slog.LogValuer without the text.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
