package subject

// SettingIDs lists the setting definition ids of a catalog policy's content,
// nested ones too, without order.
func SettingIDs(content Node) []string {
	m, _ := content.(map[string]Node)
	seen := map[string]bool{}
	collectSettings(m["settings"], seen)
	collectSettings(m["settingInstance"], seen)
	ids := make([]string, 0, len(seen))
	for id := range seen {
		ids = append(ids, id)
	}
	return ids
}

func collectSettings(n Node, seen map[string]bool) {
	m, ok := n.(map[string]Node)
	if !ok {
		return
	}
	for id, value := range m {
		seen[id] = true
		collectValue(value, seen)
	}
}

func collectValue(n Node, seen map[string]bool) {
	switch v := n.(type) {
	case Set:
		for _, e := range v {
			collectValue(e, seen)
		}
	case map[string]Node:
		collectSettings(v["children"], seen)
	}
}
