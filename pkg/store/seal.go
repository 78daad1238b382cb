package store

import (
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// keyFormat names the layout of a master key file.
const keyFormat = "tenantatlas-master-key/1"

// keyFile is the master key as it lies on disk. Whoever reads it together with
// the database reads every tenant's credential; losing it loses them.
type keyFile struct {
	Format string          `json:"format"`
	Keyset json.RawMessage `json:"keyset"` // AES-256-GCM keys; the primary seals, all open
	Root   []byte          `json:"root"`   // 32 bytes; every derived key comes from it
}

// Keys seals credentials and derives the keys that are not in the database. It
// is safe for concurrent use.
type Keys struct {
	aead    tink.AEAD
	version uint32 // id of the key that seals
	root    []byte
}

// LoadKeys reads the master key file, creating it with mode 0600 when it is
// missing. Of several processes that create it at once, all get the same keys.
// A file that others can read or write is refused.
func LoadKeys(path string) (*Keys, error) {
	raw, err := os.ReadFile(path) //nolint:gosec // the operator names the file
	if errors.Is(err, fs.ErrNotExist) {
		if err := createKeyFile(path); err != nil {
			return nil, fmt.Errorf("create the master key file: %w", err)
		}
		raw, err = os.ReadFile(path) //nolint:gosec // as above
	}
	if err != nil {
		return nil, fmt.Errorf("read the master key file: %w", err)
	}
	if err := checkKeyMode(path); err != nil {
		return nil, err
	}
	return parseKeys(raw)
}

// EphemeralKeys makes keys that live as long as the process; for specs.
func EphemeralKeys() (*Keys, error) {
	raw, err := newKeyFile()
	if err != nil {
		return nil, err
	}
	return parseKeys(raw)
}

func checkKeyMode(path string) error {
	if runtime.GOOS == "windows" {
		return nil // no mode bits; the folder's access list protects it
	}
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("look at the master key file: %w", err)
	}
	if info.Mode().Perm()&0o027 != 0 {
		return errors.New("the master key file can be read by others or written by its group; make it mode 0600")
	}
	return nil
}

func newKeyFile() ([]byte, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make a keyset: %w", err)
	}
	var keys bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&keys)); err != nil {
		return nil, fmt.Errorf("write the keyset: %w", err)
	}
	root := make([]byte, 32)
	if _, err := rand.Read(root); err != nil {
		return nil, fmt.Errorf("draw the root key: %w", err)
	}
	raw, err := json.MarshalIndent(keyFile{Format: keyFormat, Keyset: keys.Bytes(), Root: root}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the key file: %w", err)
	}
	return raw, nil
}

// createKeyFile puts a complete file in place or leaves the one that is there:
// linking fails when the name is taken, so no reader meets half a file.
func createKeyFile(path string) error {
	raw, err := newKeyFile()
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".master-key-*") // mode 0600
	if err != nil {
		return fmt.Errorf("make a file beside it: %w", err)
	}
	defer func() { _ = os.Remove(f.Name()) }() // a second name of the file, or of nothing
	_, err = f.Write(raw)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("put it in place: %w", err)
	}
	return nil
}

func parseKeys(raw []byte) (*Keys, error) {
	unreadable := errors.New("the master key file cannot be read as one")
	var file keyFile
	if err := json.Unmarshal(raw, &file); err != nil || file.Format != keyFormat || len(file.Root) != 32 {
		return nil, unreadable
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(file.Keyset)))
	if err != nil {
		return nil, unreadable
	}
	primitive, err := aead.New(handle)
	if err != nil {
		return nil, unreadable
	}
	return &Keys{aead: primitive, version: handle.KeysetInfo().GetPrimaryKeyId(), root: file.Root}, nil
}

// Derive returns 32 bytes for one purpose; the same ones for the same master key.
func (k *Keys) Derive(purpose string) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, k.root, nil, "tenantatlas/"+purpose, 32)
	if err != nil {
		return nil, fmt.Errorf("derive the key for %s: %w", purpose, err)
	}
	return key, nil
}

// place is where a sealed credential belongs. It is authenticated with the
// ciphertext, which therefore opens in its own row and nowhere else.
type place struct {
	workspace    tenancy.WorkspaceID
	tenant       tenancy.TenantID
	credentialID string
	keyVersion   uint32
}

// purposeGraph is the one use of a sealed credential so far.
const purposeGraph = "graph"

func (p place) aad() []byte {
	return []byte("v1|" + string(p.workspace) + "|" + string(p.tenant) + "|" + p.credentialID + "|" +
		purposeGraph + "|" + strconv.FormatUint(uint64(p.keyVersion), 10))
}

func (k *Keys) seal(plain []byte, p place) ([]byte, error) {
	sealed, err := k.aead.Encrypt(plain, p.aad())
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return sealed, nil
}

func (k *Keys) open(sealed []byte, p place) ([]byte, error) {
	plain, err := k.aead.Decrypt(sealed, p.aad())
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	return plain, nil
}
