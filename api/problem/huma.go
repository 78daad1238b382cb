package problem

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// FromFramework builds the problem for a refusal of the framework itself. It is
// put in the place of huma.NewErrorWithContext, whose answers repeat the input.
func FromFramework(c huma.Context, status int, _ string, errs ...error) huma.StatusError {
	ctx := context.Background()
	if c != nil {
		ctx = c.Context()
	}
	p := Of(ctx, frameworkFault(status, errs))
	p.Report(ctx, slog.Default())
	return p
}

func frameworkFault(status int, errs []error) error {
	switch status {
	case http.StatusBadRequest:
		return Malformed()
	case http.StatusRequestEntityTooLarge:
		return TooLarge()
	case http.StatusUnsupportedMediaType:
		return WrongMedia()
	case http.StatusUnprocessableEntity:
		return invalidFields(errs)
	case 0: // the framework asks for the type of our errors
		return fault.InvalidInput("")
	}
	return errors.Join(append([]error{errors.New("framework refusal")}, errs...)...)
}

func invalidFields(errs []error) *fault.Error {
	f := fault.InvalidInput(byCode[fault.CodeInvalidInput].Example)
	for _, err := range errs {
		d, ok := err.(huma.ErrorDetailer)
		if !ok {
			continue
		}
		detail := d.ErrorDetail()
		f = f.At(safeLocation(detail.Location), safeMessage(detail.Message))
	}
	slices.SortFunc(f.Details, func(a, b fault.Detail) int { return strings.Compare(a.Location, b.Location) })
	return f
}

var ordinaryName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,63}(\[\d+\])*$`)

// safeLocation keeps a location as far as its parts are ordinary names: the
// last part may be a property that the client made up.
func safeLocation(location string) string {
	parts := strings.Split(location, ".")
	for i, part := range parts {
		if !ordinaryName.MatchString(part) {
			return strings.Join(parts[:i], ".")
		}
	}
	return location
}

// ourMessages are the beginnings of the validator's sentences. Whatever else
// arrives may have been written by a parser about the value, and is replaced.
var ourMessages = []string{"expected ", "unexpected property", "unknown query parameter", "required "}

// safeMessage drops what a parser said about the value: the validator appends
// it after a colon.
func safeMessage(message string) string {
	for _, known := range ourMessages {
		if strings.HasPrefix(message, known) {
			head, _, _ := strings.Cut(message, ": ")
			return head
		}
	}
	return "expected another kind of value"
}
