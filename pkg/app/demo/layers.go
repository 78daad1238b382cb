package demo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
)

// Layers reads <layer>/<collection>/<name>.json of every layer, later ones on
// top, and returns the objects of what remains by collection, in the order of
// their names.
func Layers(files fs.FS, layers ...string) (map[string][]graphsim.Object, error) {
	found := map[string]json.RawMessage{} // by collection/name
	for _, layer := range layers {
		names, err := fs.Glob(files, path.Join(layer, "*", "*.json"))
		if err != nil {
			return nil, fmt.Errorf("list layer %s: %w", layer, err)
		}
		if len(names) == 0 {
			return nil, fmt.Errorf("layer %s: %w", layer, fs.ErrNotExist)
		}
		for _, name := range names {
			content, err := fs.ReadFile(files, name)
			if err != nil {
				return nil, fmt.Errorf("read %s: %w", name, err)
			}
			found[name[len(layer)+1:]] = content
		}
	}
	objects := map[string][]graphsim.Object{}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		var o graphsim.Object
		if err := json.Unmarshal(found[name], &o); err != nil {
			return nil, errors.Join(fmt.Errorf("decode %s", name), err)
		}
		if o != nil {
			collection := path.Dir(name)
			objects[collection] = append(objects[collection], o)
		}
	}
	return objects, nil
}
