package graphsim

import (
	"net/http"
	"strings"
)

// area decides which throttling limits and which error shape a route has.
type area int

const (
	intune area = iota
	access      // Conditional Access policies and named locations
	directory
)

// idForm is how the service names new objects.
type idForm int

const (
	guidID idForm = iota
	mamID         // T_ + GUID
	tagID         // small whole numbers
)

// statuses are the success codes of a collection's verbs; 0 means the verb has
// no route.
type statuses struct{ create, patch, put, remove int }

// collection is one row of the table: everything that sets a collection apart
// from its siblings.
type collection struct {
	folder  string   // folder of exports and name in the control API
	path    string   // below the version
	aliases []string // other paths to the same objects
	typ     string   // the type of objects that carry none; "" where it must be told
	many    bool     // holds several concrete types
	single  bool     // one object, addressed by the path itself
	bare    bool     // answers without @odata.type unless full metadata is asked for
	area    area
	perm    string // permission stem, e.g. DeviceManagementConfiguration
	name    string // displayName unless told otherwise
	ids     idForm
	unique  bool // names
	page    int  // default page size
	top     int  // largest $top
	quiet   bool // $filter is not supported
	codes   statuses

	required  []string // on create and PUT
	links     []string // navigation properties: refused in create, PATCH and PUT bodies
	patchless []string // further properties refused in a PATCH
	immutable []string // may be repeated, never changed
	server    []string // the service's own, besides the common ones: ignored in bodies
	typed     bool     // a PATCH must repeat @odata.type

	expand   []string // absent unless expanded
	nullList []string // null in lists
	selected []string // absent from lists unless in $select

	tags      string // scope tag property, "" for none
	dates     [2]string
	versioned bool
	counted   bool // settingCount
	marked    bool // isAssigned

	assign   *assignment
	children []child
	actions  []action
	rules    []rule
	guard    func(w *work, old Object) *failure // before change and removal
	closed   func(w *work, body Object) *failure
	defaults Object
	virtual  func(w *work) []Object // computed, read only
	derived  map[string]derivation  // expandable, computed
}

// rule checks the object as it would be after the write; old is nil on create.
type rule func(w *work, next, old Object) *failure

// derivation computes an expanded or addressed navigation property.
type derivation func(w *work, parent Object) any

// assignment is how a collection is assigned.
type assignment struct {
	action string // the last path segment
	key    string // body key of the list
	status int
	single bool // one target per POST, nothing replaced
	// kinds are the target types accepted; nil accepts all.
	kinds []string
	// filterless refuses assignment filters.
	filterless bool
}

// child is a list inside an object that has its own route.
type child struct {
	name     string
	codes    statuses
	page     int
	top      int
	hidden   bool     // no route of its own, only $expand
	expand   []string // nested lists, absent unless expanded
	derived  map[string]derivation
	children []child
	prepare  func(w *work, parent, item Object) *failure
	fixed    []string // properties of an item that never change
}

// action is a named POST (or GET function) on one object.
type action struct {
	name   string
	method string
	run    func(w *work, old, body Object) (next Object, answer any, status int, f *failure)
}

// stable are the Intune collections that v1.0 has; the others are beta only.
var stable = map[string]bool{
	"deviceConfigurations": true, "deviceCompliancePolicies": true, "deviceEnrollmentConfigurations": true, "notificationMessageTemplates": true,
	"termsAndConditions": true, "roleDefinitions": true, "deviceCategories": true, "settings": true, "mobileApps": true,
	"androidManagedAppProtections": true, "iosManagedAppProtections": true, "managedAppPolicies": true, "mobileAppConfigurations": true,
	"targetedManagedAppConfigurations": true, "windowsInformationProtectionPolicies": true, "mdmWindowsInformationProtectionPolicies": true,
}

func (c *collection) nameProperty() string {
	if c.name == "" {
		return "displayName"
	}
	return c.name
}

func (c *collection) pageSize() int {
	if c.page == 0 {
		return 1000
	}
	return c.page
}

func (c *collection) topLimit() int {
	if c.top == 0 {
		return 1000
	}
	return c.top
}

func (c *collection) child(name string) *child { return findChild(c.children, name) }

func findChild(children []child, name string) *child {
	for i := range children {
		if strings.EqualFold(children[i].name, name) {
			return &children[i]
		}
	}
	return nil
}

// table holds every collection, in the order of dependence. It is filled in init
// because its rules look other rows up.
var (
	table    []*collection
	byFolder map[string]*collection
	byPath   map[string]*collection
)

func init() { //nolint:gochecknoinits // as values the rows and the rules would wait for each other
	table = joinTables(directoryTable(), intuneBaseTable(), intunePolicyTable(), intuneScriptTable(),
		intuneAppTable(), accessTable(), virtualTable())
	byFolder, byPath = indexFolders(table), indexPaths(table)
}

func joinTables(parts ...[]*collection) []*collection {
	var out []*collection
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

func indexFolders(all []*collection) map[string]*collection {
	out := make(map[string]*collection, len(all))
	for _, c := range all {
		out[strings.ToLower(c.folder)] = c
	}
	return out
}

func indexPaths(all []*collection) map[string]*collection {
	out := map[string]*collection{}
	for _, c := range all {
		for _, p := range append([]string{c.path}, c.aliases...) {
			out[strings.ToLower(p)] = c
		}
	}
	return out
}

const (
	ok        = http.StatusOK
	created   = http.StatusCreated
	noContent = http.StatusNoContent
)

var (
	modified = [2]string{"createdDateTime", "lastModifiedDateTime"}
	amended  = [2]string{"createdDateTime", "modifiedDateTime"}
	onlyLast = [2]string{"", "lastModifiedDateTime"}
)

// commonServer are the properties every area writes itself and ignores in
// bodies.
var commonServer = []string{
	"id", "createdDateTime", "lastModifiedDateTime", "modifiedDateTime", "deletedDateTime",
	"version", "supportsScopeTags", "isAssigned", "settingCount",
}
