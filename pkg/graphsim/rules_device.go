package graphsim

import (
	"net/http"
	"slices"
	"strings"
)

// Rules of device configurations: OMA-URI secrets, certificate links.

const (
	omaMask    = "****"
	omaXMLMask = "PGEvPg=="
)

func uniqueOmaURIs(_ *work, next, _ Object) *failure {
	seen := map[string]bool{}
	for _, o := range objects(next, "omaSettings") {
		uri := str(o, "omaUri")
		if uri == "" || seen[uri] {
			return badRequest("The OMA-URI '" + uri + "' is empty or occurs more than once.")
		}
		seen[uri] = true
	}
	return nil
}

// hideOmaSecrets encrypts text values: reads give a mask and a reference.
func hideOmaSecrets(w *work, next, _ Object) *failure {
	for _, o := range objects(next, "omaSettings") {
		if o["secretReferenceValueId"] != nil {
			return refuse(http.StatusBadRequest, "NotSupported", "SecretReferenceValueId is not supported in a request.")
		}
		mask := map[string]string{"omaSettingString": omaMask, "omaSettingStringXml": omaXMLMask}[typeOf(o)]
		if mask == "" {
			o["isEncrypted"], o["secretReferenceValueId"] = false, nil
			continue
		}
		reference := str(next, "id") + "_" + w.t.childID(str(next, "id"), "oma")
		if fail := w.keepSecret(reference, str(o, "value")); fail != nil {
			return fail
		}
		o["value"], o["isEncrypted"], o["secretReferenceValueId"] = mask, true, reference
	}
	return nil
}

// plainOmaValue answers getOmaSettingPlainTextValue, which needs write
// permission although it reads.
func (w *work) plainOmaValue(o Object, name string) (reply, *failure) {
	if !w.c.token.may(w.col.perm, false) {
		return reply{}, forbidden()
	}
	_, argument, _ := strings.Cut(name, "='")
	reference := strings.TrimSuffix(argument, "')")
	secret := w.t.object(secretShelf, reference)
	if secret == nil || !strings.Contains(canonical(o), canonical(reference)) {
		return reply{}, notFound(reference)
	}
	if !boolean(secret, "known") {
		return reply{}, refuse(http.StatusNotFound, "ResourceNotFound", "The value is not available.")
	}
	return reply{status: ok, body: Object{"value": str(secret, "value")}, objectID: str(o, "id")}, nil
}

var (
	singleLinks = []string{
		"rootCertificate", "rootCertificateForClientValidation", "identityCertificateForClientAuthentication", "identityCertificate",
		"smimeSigningCertificate", "smimeEncryptionCertificate", "singleSignOnExtensionPkinitCertificate", "secondaryRootCertificateForClientValidation",
		"secondaryIdentityCertificateForClientAuthentication",
	}
	listLinks = []string{"rootCertificatesForServerValidation", "networkAccessConfigurations"}
)

const bound = "@odata.bind"

// certificateLinks are the navigation properties between device
// configurations. The linked ids are kept in the object's binding.
func certificateLinks() map[string]derivation {
	out := map[string]derivation{}
	for _, name := range singleLinks {
		out[name] = func(w *work, parent Object) any { return w.linked(str(parent, name+bound)) }
	}
	for _, name := range listLinks {
		out[name] = func(w *work, parent Object) any {
			found := []Object{}
			for _, url := range texts(parent, name+bound) {
				if o := w.linked(url); o != nil {
					found = append(found, o)
				}
			}
			return found
		}
	}
	return out
}

// linked is the device configuration a binding names, as a reader gets it.
func (w *work) linked(url string) Object {
	o := w.t.object("deviceConfigurations", idInURL(url))
	if o == nil {
		return nil
	}
	return w.shape(o, &query{}, false)
}

func idInURL(url string) string {
	parts := segments(url)
	if len(parts) == 0 {
		return ""
	}
	return parts[len(parts)-1]
}

// bindCertificates checks every binding and keeps only the id.
func bindCertificates(w *work, next, _ Object) *failure {
	for k, v := range next {
		name, isBinding := strings.CutSuffix(k, bound)
		if !isBinding {
			continue
		}
		var urls []string
		switch v := v.(type) {
		case string:
			urls = []string{v}
		case []any:
			urls = texts(next, k)
		}
		if !slices.Contains(singleLinks, name) && !slices.Contains(listLinks, name) {
			return badRequest("The property '" + name + "' does not exist.")
		}
		for _, url := range urls {
			if w.t.object("deviceConfigurations", idInURL(url)) == nil {
				return notFound(idInURL(url))
			}
		}
	}
	return nil
}

// reference writes $ref: PUT for a single link, POST for a list; the other
// verb has no route.
func (w *work) reference(o Object, name string) (reply, *failure) {
	body, fail := decodeObject(w.c.body)
	url := str(body, "@odata.id")
	isList := slices.Contains(listLinks, name)
	if isList && w.c.method != http.MethodPost || !isList && w.c.method != http.MethodPut {
		return reply{}, noRoute(w.c.path)
	}
	if fail != nil || w.t.object("deviceConfigurations", idInURL(url)) == nil {
		return reply{}, notFound(idInURL(url))
	}
	next := cloneObject(o)
	if isList {
		next[name+bound] = append(list(next, name+bound), url)
	} else {
		next[name+bound] = url
	}
	if fail := w.save(str(o, "id"), next); fail != nil {
		return reply{}, fail
	}
	return reply{status: noContent, objectID: str(o, "id")}, nil
}

func setPrivacyControls(_ *work, old, body Object) (Object, any, int, *failure) {
	if _, isList := body["windowsPrivacyAccessControls"].([]any); !isList {
		return nil, nil, 0, badRequest("The parameter 'windowsPrivacyAccessControls' is required.")
	}
	old["privacyAccessControls"] = body["windowsPrivacyAccessControls"]
	return old, nil, ok, nil
}
