package graphsim

import (
	"net/http"
	"strings"
)

// routeSpecial serves the few routes that are no collection.
func (w *work) routeSpecial(parts []string) (reply, *failure, bool) {
	low := make([]string, len(parts))
	for i, p := range parts {
		low[i] = strings.ToLower(p)
	}
	joined := strings.Join(low, "/")
	switch {
	case joined == "devicemanagement":
		out, fail := w.deviceManagement()
		return out, fail, true
	case joined == "devicemanagement/settings" && w.t.object("settings", "settings") == nil && w.c.method == http.MethodGet:
		return reply{status: noContent}, nil, true
	case joined == "directoryobjects/getbyids" && w.c.method == http.MethodPost:
		out, fail := w.directoryObjects()
		return out, fail, true
	case len(low) == 2 && low[0] == "directoryobjects" && w.c.method == http.MethodGet:
		if o := w.directoryObject(parts[1]); o != nil {
			return reply{status: ok, body: o, objectID: parts[1]}, nil, true
		}
		return reply{}, notFound(parts[1]), true
	case len(low) == 4 && strings.HasPrefix(joined, "devicemanagement/templates/") && strings.HasSuffix(low[3], "createinstance") && w.c.method == http.MethodPost:
		out, fail := w.createInstance(parts[2])
		return out, fail, true
	case len(low) == 4 && low[1] == "deviceconfigurations" && strings.HasPrefix(low[3], "getomasettingplaintextvalue("):
		out, fail := w.omaValue(parts[2], parts[3])
		return out, fail, true
	}
	return reply{}, nil, false
}

func (w *work) omaValue(id, function string) (reply, *failure) {
	w.col = byFolder["deviceconfigurations"]
	o := w.t.object(w.col.folder, id)
	if o == nil || w.c.method != http.MethodGet {
		return reply{}, notFound(id)
	}
	return w.plainOmaValue(o, function)
}

// deviceManagement is the service's root: its settings are a singleton.
func (w *work) deviceManagement() (reply, *failure) {
	w.col = byFolder["settings"]
	if !w.c.token.may(w.col.perm, w.c.isRead()) {
		return reply{}, forbidden()
	}
	if w.c.method == http.MethodPatch {
		if fail := w.patchSettings(); fail != nil {
			return reply{}, fail
		}
	} else if w.c.method != http.MethodGet {
		return reply{}, noRoute(w.c.path)
	}
	q, fail := options(w.c.query)
	if fail != nil {
		return reply{}, fail
	}
	out := Object{"id": derivedGUID("deviceManagement", w.t.directory), "intuneAccountId": derivedGUID("account", w.t.directory), "subscriptionState": "active", "settings": nil}
	if o := w.look("settings", "settings"); o != nil {
		settings := cloneObject(o)
		delete(settings, "id")
		delete(settings, "@odata.type")
		out["settings"] = settings
	}
	choose(out, q)
	w.context(out, "deviceManagement/$entity")
	return reply{status: ok, body: out, objectID: "settings"}, nil
}

func (w *work) patchSettings() *failure {
	body, fail := w.body()
	if fail != nil {
		return fail
	}
	change, isObject := body["settings"].(Object)
	if !isObject {
		return badRequest("The property 'settings' is required.")
	}
	next := cloneObject(w.t.object("settings", "settings"))
	if next == nil {
		next = Object{"id": "settings"}
	}
	w.ownProperties(next, change)
	return w.save("settings", next)
}

func (w *work) directoryObjects() (reply, *failure) {
	body, fail := w.body()
	if fail != nil {
		return reply{}, fail
	}
	ids := texts(body, "ids")
	if len(ids) == 0 || len(ids) > 1000 {
		return reply{}, badRequest("The parameter 'ids' needs 1 to 1000 ids.")
	}
	types := texts(body, "types")
	value := []any{}
	for _, id := range ids {
		o := w.directoryObject(id)
		if o != nil && (len(types) == 0 || strings.Contains(","+strings.Join(types, ",")+",", ","+typeOf(o)+",")) {
			value = append(value, o)
		}
	}
	return reply{status: ok, body: Object{"value": value}}, nil
}
