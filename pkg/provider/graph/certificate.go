package graph

// certificateLinks are the navigation properties through which profiles use
// certificate profiles: the name, and whether it leads to several.
var certificateLinks = map[string]bool{
	"rootCertificate":                            false,
	"rootCertificateForClientValidation":         false,
	"rootCertificatesForServerValidation":        true,
	"identityCertificate":                        false,
	"identityCertificateForClientAuthentication": false,
	"smimeSigningCertificate":                    false,
	"smimeEncryptionCertificate":                 false,
}

// bindCertificates turns inlined certificate profiles into bindings by id.
func bindCertificates(body object) {
	for property, many := range certificateLinks {
		linked := items(body, property)
		delete(body, property)
		var urls []any
		for _, c := range linked {
			if id := text(c, "id"); id != "" {
				urls = append(urls, "https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations('"+id+"')")
			}
		}
		switch {
		case len(urls) == 0:
		case many:
			body[property+"@odata.bind"] = urls
		default:
			body[property+"@odata.bind"] = urls[0]
		}
	}
}
