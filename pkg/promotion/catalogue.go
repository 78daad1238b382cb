package promotion

// Buckets lists the buckets in the order of the documentation.
func Buckets() []Bucket { return []Bucket{Ready, Blocked, ManualMappingRequired, Aligned} }

// Actions lists what may be done with a subject.
func Actions() []Action { return []Action{Create, Update, None} }

// ReasonCodes lists every published reason in the order reasons are shown.
func ReasonCodes() []ReasonCode {
	codes := make([]ReasonCode, len(Reasons))
	for i, r := range Reasons {
		codes[i] = r.Code
	}
	return codes
}
