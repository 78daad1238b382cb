package graph

import (
	"fmt"
	"net/url"

	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// endpoint is the pair of hosts of one cloud. Tokens of one cloud do not work
// in another.
type endpoint struct {
	login *url.URL
	graph *url.URL
}

var clouds = map[tenancy.Cloud]struct{ login, graph string }{
	tenancy.CloudGlobal:   {"https://login.microsoftonline.com", "https://graph.microsoft.com"},
	tenancy.CloudUSGov:    {"https://login.microsoftonline.us", "https://graph.microsoft.us"},
	tenancy.CloudUSGovDoD: {"https://login.microsoftonline.us", "https://dod-graph.microsoft.us"},
	tenancy.CloudChina:    {"https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn"},
}

// endpoints resolves the table, or maps every cloud to the overrides.
func endpoints(graphURL, loginURL string) (map[tenancy.Cloud]endpoint, error) {
	if (graphURL == "") != (loginURL == "") {
		return nil, fmt.Errorf("graph: the Graph and login addresses are overridden together or not at all")
	}
	out := make(map[tenancy.Cloud]endpoint, len(clouds))
	for cloud, hosts := range clouds {
		if graphURL != "" {
			hosts.graph, hosts.login = graphURL, loginURL
		}
		login, err := origin(hosts.login)
		if err != nil {
			return nil, err
		}
		graph, err := origin(hosts.graph)
		if err != nil {
			return nil, err
		}
		out[cloud] = endpoint{login: login, graph: graph}
	}
	return out, nil
}

// origin accepts scheme and host only, so that nothing in a setting can change
// which path a request takes.
func origin(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("graph: address: %w", err)
	}
	if u.Scheme != "https" || u.Host == "" || u.User != nil || (u.Path != "" && u.Path != "/") || u.RawQuery != "" {
		return nil, fmt.Errorf("graph: %q is not an https address without a path", text)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}
