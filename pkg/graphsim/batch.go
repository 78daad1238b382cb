package graphsim

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
)

const maxBatch = 20

// batch carries out up to 20 items one after the other; each is throttled,
// faulted and journaled on its own.
func (s *Server) batch(c *call) reply {
	if c.method != http.MethodPost {
		return s.refusal(c, noRoute(c.path))
	}
	body, err := decodeObject(c.body)
	items := objects(body, "requests")
	if err != nil || len(items) == 0 || len(items) != len(list(body, "requests")) {
		return s.refusal(c, badRequest("Invalid batch payload format."))
	}
	if len(items) > maxBatch {
		return s.refusal(c, badRequest("Number of batch request steps exceeds the maximum value of 20."))
	}
	if fail := batchShape(items); fail != nil {
		return s.refusal(c, fail)
	}
	done := map[string]int{}
	responses := make([]any, 0, len(items))
	for _, item := range items {
		out := s.batchItem(c, item, done)
		done[strings.ToLower(str(item, "id"))] = out.status
		responses = append(responses, batchResponse(str(item, "id"), out))
	}
	return reply{status: ok, body: Object{"responses": responses}}
}

// batchShape checks ids and dependencies, which may only look back.
func batchShape(items []Object) *failure {
	seen := map[string]bool{}
	for _, item := range items {
		id := strings.ToLower(str(item, "id"))
		switch {
		case id == "" || str(item, "method") == "" || str(item, "url") == "":
			return badRequest("Each batch request needs id, method and url.")
		case seen[id]:
			return badRequest("Request Id " + str(item, "id") + " has to be unique in a batch.")
		}
		for _, d := range texts(item, "dependsOn") {
			if !seen[strings.ToLower(d)] {
				return badRequest("The dependency " + d + " of request " + id + " is not known.")
			}
		}
		if item["body"] != nil && contentTypeOf(item) == "" {
			return badRequest("Write request id : " + id + " does not contain Content-Type header or body.")
		}
		seen[id] = true
	}
	return nil
}

func contentTypeOf(item Object) string {
	headers, _ := item["headers"].(Object)
	for k := range headers {
		if strings.EqualFold(k, "Content-Type") {
			return str(headers, k)
		}
	}
	return ""
}

func (s *Server) batchItem(outer *call, item Object, done map[string]int) reply {
	c := itemCall(outer, item)
	c.requestID = s.requestID()
	for _, d := range texts(item, "dependsOn") {
		if done[strings.ToLower(d)] >= 400 {
			out := s.refusal(c, refuse(http.StatusFailedDependency, "FailedDependency", "A request this one depends on has failed."))
			s.note(c, out)
			return out
		}
	}
	if strings.EqualFold(c.path, "$batch") {
		return s.refusal(c, badRequest("Batches cannot be nested."))
	}
	out := s.perform(c)
	if out.effect.kind == hang || out.effect.kind == reset || out.effect.kind == cut {
		return s.refusal(c, refuse(http.StatusGatewayTimeout, "GatewayTimeout", "The request timed out."))
	}
	return out
}

func itemCall(outer *call, item Object) *call {
	path, raw, _ := strings.Cut(strings.TrimPrefix(str(item, "url"), "/"), "?")
	header := http.Header{}
	headers, _ := item["headers"].(Object)
	for k := range headers {
		header.Set(k, str(headers, k))
	}
	c := &call{
		method: strings.ToUpper(str(item, "method")), version: outer.version, path: unescape(path), query: parseQuery(raw),
		uri: "/" + outer.version + "/" + strings.TrimPrefix(str(item, "url"), "/"), header: header, origin: outer.origin, token: outer.token,
	}
	switch body := item["body"].(type) {
	case nil:
	case string:
		if data, err := base64.StdEncoding.DecodeString(body); err == nil {
			c.body = data
		}
	default:
		if data, err := json.Marshal(body); err == nil {
			c.body = data
		}
	}
	return c
}

func batchResponse(id string, out reply) Object {
	headers := Object{}
	for k := range out.header {
		headers[k] = out.header.Get(k)
	}
	r := Object{"id": id, "status": out.status, "headers": headers}
	switch {
	case out.text != "":
		headers["Content-Type"] = "text/plain"
		r["body"] = base64.StdEncoding.EncodeToString([]byte(out.text))
	case out.body != nil:
		headers["Content-Type"] = "application/json"
		r["body"] = out.body
	}
	return r
}
