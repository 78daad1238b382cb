package subject

// NameOf gives the name of a referenced object in its own tenant; ok is false
// when the tenant has no such object, or none was captured.
type NameOf func(Reference) (name string, ok bool)

// Portable is the text of a content tree with typed names in place of the
// tenant's own ids. Equal policies of two tenants have equal text. Ids without
// a known name, and ids that are the same everywhere, stand as they are.
func Portable(n Node, name NameOf) []byte {
	return appendNode(nil, n, func(dst []byte, r Reference) []byte {
		return appendPortable(dst, r, name)
	})
}

func appendPortable(dst []byte, r Reference, name NameOf) []byte {
	dst = append(dst, `{"$ref":`...)
	dst = appendString(dst, string(r.Kind))
	label, value := portableName(r, name)
	if label != "" {
		dst = append(dst, ',', '"')
		dst = append(dst, label...)
		dst = append(dst, `":`...)
		dst = appendString(dst, value)
	}
	return append(dst, '}')
}

// portableName says what stands for a reference outside its tenant.
func portableName(r Reference, name NameOf) (label, value string) {
	switch {
	case r.Kind == RefTenant:
		return "", ""
	case SameEverywhere(r.Kind):
		return markID, r.ID
	}
	if n, ok := name(r); ok {
		return markName, NormaliseName(n)
	}
	return markID, r.ID
}

// Resolved replaces every reference of a tree by what it is called outside its
// tenant, for showing differences.
func Resolved(n Node, name NameOf) Node {
	switch v := n.(type) {
	case Reference:
		return resolvedReference(v, name)
	case []Node:
		return resolvedAll(v, name)
	case Set:
		return Set(resolvedAll(v, name))
	case map[string]Node:
		out := make(map[string]Node, len(v))
		for k, e := range v {
			out[k] = Resolved(e, name)
		}
		return out
	}
	return n
}

func resolvedAll(list []Node, name NameOf) []Node {
	out := make([]Node, len(list))
	for i, e := range list {
		out[i] = Resolved(e, name)
	}
	return out
}

func resolvedReference(r Reference, name NameOf) Node {
	if r.Kind == RefTenant {
		return "(this tenant)"
	}
	if n, ok := name(r); ok {
		return n
	}
	return r.ID
}
