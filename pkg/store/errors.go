package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// ErrSerialization says that a concurrent transaction won; the whole verb may
// be run again in a new transaction.
var ErrSerialization = errors.New("store: a concurrent change won")

// DuplicateError names the unique constraint that refused a row.
type DuplicateError struct{ Constraint string }

// Error implements error.
func (e *DuplicateError) Error() string { return "store: duplicate by " + e.Constraint }

// mapError turns what the driver says into what the rooms understand. Faults
// and mapped errors pass through unchanged.
func mapError(err error) error {
	switch {
	case err == nil, fault.As(err) != nil:
		return err
	case errors.Is(err, gorm.ErrRecordNotFound):
		return fault.Missing()
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	if pe, ok := errors.AsType[*pgconn.PgError](err); ok {
		return mapState(pe, err)
	}
	if _, ok := errors.AsType[net.Error](err); ok || errors.Is(err, driver.ErrBadConn) {
		return fault.Away(err)
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return fault.Away(err)
	}
	return err
}

func mapState(pe *pgconn.PgError, err error) error {
	switch class := pe.Code[:2]; {
	case pe.Code == "23505":
		return &DuplicateError{Constraint: pe.ConstraintName}
	case pe.Code == "40001", pe.Code == "40P01":
		return errors.Join(ErrSerialization, err)
	case class == "22":
		return fault.InvalidInput("A value is outside what can be stored.").Because(err)
	case class == "23":
		return fault.New(fault.Conflict, fault.CodeConflict, "This contradicts what is stored.").Because(err)
	case class == "08", class == "53", class == "57":
		return fault.Away(err)
	}
	return err
}
