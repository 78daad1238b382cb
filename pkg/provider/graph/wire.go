package graph

import (
	"strings"

	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// wire is one row of the table: how a policy type is listed, made complete and
// written. Columns left out mean the usual Intune way.
type wire struct {
	// Reading.
	path           string // of the collection, when it differs from the type's
	family         family // intuneReads when empty
	top            int    // $top of listings, 0 for the service's own page size
	expand         string // $expand of listings and single reads
	only           string // $select of listings and single reads
	single         string // $expand of the read per object that this type needs: "" for no such read, noExpand for a plain one
	children       []part
	named          bool         // the listing can be narrowed to a name
	configurations bool         // device configurations: masked values, links to certificate profiles
	refine         func(object) // puts what was read into the shape of a full export

	// Writing.
	whole        bool     // an update is a PUT of everything, not a PATCH
	strip        []string // further properties that are not written
	stripUpdate  []string
	shape        func(p *plan, body object, creating bool)
	after        func(*plan) error // child requests, in order
	writePath    string            // of a singleton's PATCH
	writeKey     string            // the property a singleton's content is wrapped in
	assign       string            // last part of the path of the assign request
	assignKey    string            // property that holds the list
	assignLocked func(current object) bool
}

// part is a list inside an object that has a route of its own.
type part struct {
	property string
	query    string // with leading question mark
	nested   *part  // a list inside every element of this one
	// assignments may be missing: the object is worth having without them.
	assignments bool
}

var assignmentsPart = part{property: "assignments", assignments: true}

const (
	withAssignments = "assignments"
	noExpand        = "-"
	manyAtOnce      = 1000
)

var rows = map[subject.TypeKey]wire{
	"configuration_policies": {
		top: manyAtOnce, expand: withAssignments, children: []part{{property: "settings", query: "?$top=1000"}},
		named: true, whole: true, shape: shapeCatalog,
	},
	"device_configurations": {
		top: manyAtOnce, expand: withAssignments, configurations: true, shape: shapeConfiguration, after: configurationExtras,
	},
	"device_compliance_policies": {
		top: manyAtOnce, expand: "assignments,scheduledActionsForRule($expand=scheduledActionConfigurations)",
		stripUpdate: []string{"scheduledActionsForRule"}, shape: shapeCompliance, after: scheduledActions("scheduleActionsForRules", "deviceComplianceScheduledActionForRules", true),
	},
	"compliance_policies": {
		top: manyAtOnce, expand: withAssignments,
		children: []part{{property: "settings", query: "?$top=1000"}, {property: "scheduledActionsForRule", query: "?$expand=scheduledActionConfigurations"}},
		whole:    true, strip: []string{"scheduledActionsForRule"}, shape: shapeCatalog, after: scheduledActions("setScheduledActions", "scheduledActions", false),
	},
	"conditional_access_policies": {family: access, named: true, shape: shapeAccess},
	"named_locations":             {family: access, named: true},

	"ios_managed_app_protections":     protection(),
	"android_managed_app_protections": protection(),

	"device_management_scripts":             scripted("deviceManagementScriptAssignments"),
	"device_shell_scripts":                  scripted("deviceManagementScriptAssignments"),
	"device_custom_attribute_shell_scripts": scripted("deviceManagementScriptAssignments"),
	"device_health_scripts":                 scripted("deviceHealthScriptAssignments"),
	"device_compliance_scripts":             {single: noExpand},

	"reusable_policy_settings": {
		only:  "id,displayName,description,settingDefinitionId,settingInstance,version,createdDateTime,lastModifiedDateTime",
		whole: true,
	},
	"group_policy_configurations": {
		top: manyAtOnce, expand: withAssignments,
		children: []part{{property: "definitionValues", query: "?$expand=definition", nested: &part{property: "presentationValues", query: "?$expand=presentation"}}},
	},
	"intents": {
		top: manyAtOnce, children: []part{{property: "settings"}, assignmentsPart}, refine: readableIntent,
	},
	"assignment_filters":             {},
	"role_scope_tags":                {children: []part{assignmentsPart}},
	"role_definitions":               {},
	"notification_message_templates": {expand: "localizedNotificationMessages", strip: []string{"localizedNotificationMessages"}, after: messages},
	"windows_autopilot_deployment_profiles": {
		children: []part{assignmentsPart}, assign: "assignments",
	},
	"device_enrollment_configurations": {
		expand: withAssignments, assignKey: "enrollmentConfigurationAssignments", assignLocked: builtInEnrolment,
	},
	"windows_feature_update_profiles": {top: 200, expand: withAssignments},
	"windows_quality_update_profiles": {top: 200, expand: withAssignments},
	"windows_driver_update_profiles":  {top: 200, expand: withAssignments},
	"terms_and_conditions":            {children: []part{assignmentsPart}, assign: "assignments"},
	"mobile_app_configurations": {
		expand: withAssignments, assign: "microsoft.graph.managedDeviceMobileAppConfiguration/assign",
	},
	"device_management_settings": {path: "/deviceManagement/settings", writePath: "/deviceManagement", writeKey: "settings"},
}

// protection is app protection: concrete collections answer without a type, and
// their lists do not expand.
func protection() wire {
	return wire{single: "apps,assignments", strip: []string{"apps"}, after: targetApps}
}

// scripted types give their contents only object by object.
func scripted(assignKey string) wire {
	return wire{single: withAssignments, assignKey: assignKey}
}

// rowOf completes a row with what is usual.
func rowOf(t *subject.Type) (wire, bool) {
	w, ok := rows[t.Key]
	if !ok {
		return wire{}, false
	}
	orElse(&w.path, t.Path)
	orElse(&w.family, intuneReads)
	orElse(&w.assign, "assign")
	orElse(&w.assignKey, "assignments")
	return w, true
}

// full reports whether the collection holds several types: then @odata.type is
// asked for explicitly, because the content would be meaningless without it.
func full(t *subject.Type) bool { return t.ODataType == "" }

// listPath lists the collection; a filter narrows it.
func (w wire) listPath(filter string) string {
	return w.path + query("$top", number(w.top), "$select", w.only, "$expand", w.expand, "$filter", filter)
}

// objectPath reads one object as completely as one request can.
func (w wire) objectPath(id string) string {
	expand := w.expand
	if w.single != "" {
		expand = strings.TrimPrefix(w.single, noExpand)
	}
	return w.path + "/" + escape(id) + query("$select", w.only, "$expand", expand)
}
